import { useMemo } from "react";
import type { Rgb } from "../../../core/colour/colour.ts";
import { composeRegion } from "../../../core/colour/compose.ts";
import { extentOf, greyShading, type Shading, shadedRgba, signedShading } from "../../../core/colour/shading.ts";
import type { Crop } from "../../../core/values/region.ts";
import { areaPx, type Mask } from "../../../core/values/slice.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { currentMask } from "../../../state/explore/shown.ts";
import { combAtZ, gateAtZ, headMaps, logitPartsAtZ, logitsOnScreen } from "../../../state/learn/at-z.ts";
import { SAMPLE_COLOUR } from "../../app/colours.ts";
import { decimals, signed } from "../../app/format.ts";
import { TensorPicture } from "../../canvas/tensor-picture.tsx";
import { NetworkPart } from "../part.tsx";
import { isSum, type PartName } from "../parts.ts";
import { useShape } from "../shape-context.tsx";

/** Logits are shown on one scale, so that the picture does not flicker while z moves. */
const LOGIT_REACH = 10;

/** What the network is given. */
export function PicturePart() {
  const crop = useSelect((state) => state.encoded?.value.crop ?? null);
  const rgba = useMemo(() => crop && shadedRgba(crop.values, { kind: "grey", low: 0, high: 1 }), [crop]);
  return (
    <NetworkPart
      name="picture"
      title={t`The picture x`}
      what={t`The region that is open in Explore, ${crop?.size ?? 128} × ${crop?.size ?? 128} pixels between 0 and 1.`}
    >
      {rgba && <TensorPicture name={t`The picture that the network is given`} rgba={rgba} />}
      <p className="how-what">{t`Every other picture here shows the network’s own numbers for it: small ones black, large ones white, each picture on its own scale.`}</p>
    </NetworkPart>
  );
}

/** Where z enters the paper's network. */
export function CombPart() {
  const { combLayers } = useShape();
  const found = useSelect(combAtZ);
  return (
    <NetworkPart
      name="comb"
      title="f_comb"
      takes={["unet", "z"]}
      what={t`z is laid beside the features at every pixel, the same everywhere, and a few 1×1 layers mix both. So z adds one number to each channel of the base; negative sums are cut off (ReLU). When z moves, only this part runs again.`}
    >
      {found && (
        <>
          <Strip values={found.added} />
          <div className="how-channels">
            {found.active.map(({ channel, values }) => (
              <Active
                key={channel}
                values={values}
                name={t`First layer of f_comb at this z: channel ${channel + 1} of ${found.added.length}`}
              />
            ))}
          </div>
          <p className="how-what">{t`The base’s channels after z was added and the ReLU; ${combLayers} more 1×1 ${combLayers === 1 ? t`layer` : t`layers`} make one number a pixel of all ${found.added.length}.`}</p>
        </>
      )}
    </NetworkPart>
  );
}

/** What z adds to each channel: a cell for each, blue below 0, orange above. */
function Strip({ values }: { readonly values: Float64Array }) {
  const { reach } = signedShading(values);
  return (
    <figure>
      <div
        className="how-strip"
        role="img"
        aria-label={t`What z adds to each of ${values.length} channels: ${Array.from(values, (value) => signed(value)).join(", ")}`}
      >
        {Array.from(values, (value, c) => {
          const [red, green, blue] = shadedRgba([value], { kind: "signed", reach });
          return <span key={c} style={{ background: `rgb(${red} ${green} ${blue})` }} />;
        })}
      </div>
      <figcaption>
        {t`what z adds to each of the ${values.length} channels`}{" "}
        <span className="dim">
          {signed(Math.min(...values), 1)} … {signed(Math.max(...values), 1)}
        </span>
      </figcaption>
    </figure>
  );
}

/** A map that is made once: on a scale that leaves a few numbers at its border out. */
function Scaled(props: { readonly values: Float32Array; readonly name: string; readonly signs?: boolean }) {
  const { values, name, signs = false } = props;
  const shading = useMemo(() => (signs ? signedShading(values) : greyShading(values)), [values, signs]);
  return <Shaded name={name} values={values} shading={shading} />;
}

function Shaded(props: { readonly values: Float32Array; readonly name: string; readonly shading: Shading }) {
  const { values, name, shading } = props;
  const rgba = useMemo(() => shadedRgba(values, shading), [values, shading]);
  const [low, high] = useMemo(() => extentOf(values), [values]);
  return <TensorPicture name={t`${name}, from ${signed(low, 1)} to ${signed(high, 1)}`} rgba={rgba} />;
}

/** A map of f_comb's first layer, which moves with z: 0 is black, its highest number white. */
function Active(props: { readonly values: Float32Array; readonly name: string }) {
  const { values } = props;
  const shading = useMemo(() => ({ kind: "grey", low: 0, high: extentOf(values)[1] }) as const, [values]);
  return <Shaded {...props} shading={shading} />;
}

/** The maps of a head past the paper: made once, the same for every z. */
export function MapsPart() {
  const { factor, fields, envelope, combLayers } = useShape();
  const maps = useSelect(headMaps);
  const made = [
    combLayers === 0 ? t`the mean` : "",
    factor ? t`one factor map an axis of z` : "",
    fields.length > 0 ? t`an amplitude for each field` : "",
    envelope ? t`the envelope` : "",
  ].filter(Boolean);
  return (
    <NetworkPart
      name="maps"
      title={t`Maps from the features`}
      takes={["unet"]}
      what={t`${combLayers === 0 ? t`The paper mixes z in by a small network, f_comb; here` : t`Beside f_comb,`} 1×1 layers make maps out of the features, once: ${made.join(", ")}. Blue is below 0, orange above.`}
    >
      {maps && (
        <div className="how-maps">
          {maps.mean && <Named name={t`mean`} values={maps.mean} signs />}
          {maps.factor.map((values, k) => (
            <Named key={k} name={t`factor ${k + 1}`} values={values} signs />
          ))}
          {maps.amplitude.map((values, s) => (
            <Named key={s} name={t`amplitude, ${fields[s] ?? ""} px`} values={values} />
          ))}
          {maps.top && <Named name={t`envelope`} values={maps.top} signs />}
        </div>
      )}
    </NetworkPart>
  );
}

function Named(props: { readonly name: string; readonly values: Float32Array; readonly signs?: boolean }) {
  const { name } = props;
  return (
    <figure>
      <Scaled {...props} />
      <figcaption>{name}</figcaption>
    </figure>
  );
}

/** The sum that makes the logits of a head past the paper, at the page's z. */
export function SumPart() {
  const { combLayers, factor, fields, envelope, fieldScale } = useShape();
  const parts = useSelect(logitPartsAtZ);
  const takes: PartName[] = [...(combLayers > 0 ? (["comb"] as const) : []), "maps", "z"];
  const held = parts?.fields == null;
  return (
    <NetworkPart
      name="sum"
      title={t`The sum at this z`}
      takes={takes}
      what={`${factor ? t`Each factor map times its z, added to the mean: z reaches the logits by a straight line. ` : ""}${fields.length > 0 ? t`Fields are smooth noise on grids of ${fields.join(", ")} px, times ${fieldScale} times their amplitude: a sample’s boundary wavers by them. ` : ""}${envelope ? t`The envelope says where nobody would ever mark: no logit rises above it.` : ""}`}
    >
      {parts && (
        <div className="how-sum">
          <Logits name={combLayers > 0 ? "f_comb" : t`mean`} values={parts.start} />
          {parts.factor && <Logits name={t`z · factor`} values={parts.factor} sign="+" />}
          {parts.fields && <Logits name={t`fields`} values={parts.fields} sign="+" />}
          <Logits name="s" values={parts.sum} sign="=" />
          {envelope && <Logits name={t`under the envelope`} values={parts.logits} sign="→" />}
        </div>
      )}
      {fields.length > 0 && held && (
        <p className="how-what">{t`The fields are 0 at this z: they belong to a sample. “Draw ε” draws them too.`}</p>
      )}
    </NetworkPart>
  );
}

function Logits(props: { readonly name: string; readonly values: Float32Array; readonly sign?: string }) {
  const { name, values, sign } = props;
  const rgba = useMemo(() => shadedRgba(values, { kind: "signed", reach: LOGIT_REACH }), [values]);
  const [low, high] = useMemo(() => extentOf(values), [values]);
  // What a probability in 32 bits says of a logit ends at 16 on either side.
  const range = `${low === -16 ? "≤ −16" : signed(low, 1)} … ${high === 16 ? "≥ 16" : signed(high, 1)}`;
  return (
    <>
      {sign && (
        <span className="how-sign" aria-hidden="true">
          {sign}
        </span>
      )}
      <figure>
        <TensorPicture name={t`${name}, from ${signed(low, 1)} to ${signed(high, 1)}`} rgba={rgba} />
        <figcaption>
          {name} <span className="dim">{range}</span>
        </figcaption>
      </figure>
    </>
  );
}

/** Logits and mask of what is shown, as the decoder drew them. */
export function MaskPart() {
  const shape = useShape();
  const logits = useSelect(logitsOnScreen);
  const threshold = useSelect((state) => state.intent.threshold);
  const gate = useSelect(gateAtZ);
  return (
    <NetworkPart
      name="mask"
      title={t`Logits → mask`}
      beside={isSum(shape)}
      takes={[isSum(shape) ? "sum" : "comb"]}
      what={t`One number a pixel, the logit: orange above 0, blue below, full colour from 10 on. A sigmoid turns it into P(lesion), and the mask is where that is ${decimals(threshold)} or more. Another z, another mask: that is the whole idea.`}
    >
      <div className="how-sum">
        {logits && <Logits name={t`logits`} values={logits} />}
        {logits && (
          <span className="how-sign" aria-hidden="true">
            →
          </span>
        )}
        <MaskAtZ />
      </div>
      {shape.shift && (
        <p className="how-what">{t`The whole sample is then moved by a part of a pixel, a draw of its own.`}</p>
      )}
      {gate && (
        <p className="how-what">{t`The gate: with a probability of ${decimals(gate.probability)} a sample draws anything at all. u, a draw of its own beside z, decides: nothing is drawn up to u = ${signed(gate.edge)}; here u is ${Number.isFinite(gate.u) ? signed(gate.u) : t`held open`}.`}</p>
      )}
    </NetworkPart>
  );
}

/** The mask of the page's z, where there is one. */
export function MaskAtZ() {
  const mask = useSelect(currentMask);
  const crop = useSelect((state) => state.encoded?.value.crop ?? null);
  return mask && crop && <MaskPicture name={t`mask at this z`} mask={mask} crop={crop} colour={SAMPLE_COLOUR} />;
}

/** A mask over the picture that the network was given. */
export function MaskPicture(props: {
  readonly name: string;
  readonly mask: Mask;
  readonly crop: Crop;
  readonly colour: Rgb;
}) {
  const { name, mask, crop, colour } = props;
  const rgba = useMemo(() => {
    const grey = Uint8ClampedArray.from(crop.values, (value) => 255 * value);
    const fills = [{ bits: mask.bits, colour, opacity: 0.7 }];
    return composeRegion({ width: mask.width, height: mask.height, grey, fills });
  }, [mask, crop, colour]);
  const area = areaPx(mask);
  const said = area === 0 ? t`empty` : `${area} px`;
  return (
    <figure>
      <TensorPicture name={`${name}: ${said}`} rgba={rgba} />
      <figcaption>
        {name} <span className="dim">{said}</span>
      </figcaption>
    </figure>
  );
}
