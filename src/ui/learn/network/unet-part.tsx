import { useMemo } from "react";
import { greyShading, shadedRgba } from "../../../core/colour/shading.ts";
import type { InnerChannel, InnerMap } from "../../../core/network/inside/inner-maps.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { insidesFailed, insidesOnScreen } from "../../../state/learn/levels-on-screen.ts";
import { TensorPicture } from "../../canvas/tensor-picture.tsx";
import { NetworkPart } from "../part.tsx";
import { useShape } from "../shape-context.tsx";
import { Unfinished } from "./unfinished.tsx";

/** The U-Net with some channels of each level, drawn as a U; at its end the base that the decode starts from. */
export function UNetPart() {
  const insides = useSelect(insidesOnScreen);
  const failed = useSelect(insidesFailed);
  const { combLayers } = useShape();
  return (
    <NetworkPart
      name="unet"
      title="U-Net"
      takes={["picture"]}
      what={t`As you know it: halved on the way down, doubled on the way up, a skip at each size. It runs once for the picture; z is not in it. Of each level the four channels that vary most are shown. Its last map is called the features.`}
    >
      {insides === null && failed && <Unfinished what={t`The levels were not looked at.`} />}
      {insides === null && !failed && <p className="how-waiting">{t`The levels are on their way.`}</p>}
      {insides && (
        <div className="how-unet">
          {insides.down.slice(0, -1).map((down, k) => (
            <div key={k} className="how-level">
              <Level name={t`level ${k + 1}, down`} map={down} />
              <span className="how-skip" aria-hidden="true">{t`skip →`}</span>
              <Level name={k === 0 ? t`features` : t`level ${k + 1}, up`} map={insides.up[k] as InnerMap} />
            </div>
          ))}
          <div className="how-level bottom">
            <Level name={t`level ${insides.down.length}`} map={insides.down.at(-1) as InnerMap} />
          </div>
        </div>
      )}
      {insides && combLayers > 0 && (
        <div className="how-base">
          <Level name={t`base`} map={insides.base} />
          <p className="how-what">{t`Base: one 1×1 layer over the features, made once too. It is all that the next parts need of the U-Net.`}</p>
        </div>
      )}
    </NetworkPart>
  );
}

/** One map: its strongest channels, with its size. */
export function Level({ name, map }: { readonly name: string; readonly map: InnerMap }) {
  return (
    <figure className="how-map" data-size={map.size}>
      <div className="how-channels">
        {map.shown.map((channel) => (
          <Channel key={channel.channel} level={name} map={map} channel={channel} />
        ))}
      </div>
      <figcaption>
        {name}{" "}
        <span className="dim">
          {map.size}×{map.size}, {map.channels} {map.channels === 1 ? t`channel` : t`channels`}
        </span>
      </figcaption>
    </figure>
  );
}

function Channel(props: { readonly level: string; readonly map: InnerMap; readonly channel: InnerChannel }) {
  const { level, map, channel } = props;
  const { values } = channel;
  const rgba = useMemo(() => shadedRgba(values, greyShading(values)), [values]);
  return <TensorPicture name={t`${level}: channel ${channel.channel + 1} of ${map.channels}`} rgba={rgba} />;
}
