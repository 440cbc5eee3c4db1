import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PresenceLaw } from "../../../src/core/config/model-config.ts";
import { ged2 } from "../../../src/core/measures/agreement.ts";
import { presenceOdds } from "../../../src/core/measures/presence-law.ts";
import { representatives } from "../../../src/core/measures/representative.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { hashToIntent, intentToHash } from "../../../src/state/app/link/link.ts";
import {
  columnChosen,
  columnDrawn,
  columnFigures,
  columnIsStale,
  isComparing,
} from "../../../src/state/compare/select.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { FIRST_WISH } from "../../../src/state/explore/export.ts";
import { figures, graderFigures, presenceFigures } from "../../../src/state/explore/figures.ts";
import { planeMarks } from "../../../src/state/explore/latent/plane-marks.ts";
import {
  caseGraders,
  chosenDraws,
  drawnMasks,
  sampleMasks,
  sampleOrder,
  samplesAreStale,
} from "../../../src/state/explore/masks.ts";
import { sessionOf } from "../../../src/state/explore/session.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { until } from "../../support/until.ts";

let page: Explorer;
let ports: FakePorts;
const state = () => page.store.getState();
const ready = () => until(() => !isBusy(state()));

beforeEach(async () => {
  ports = fakePorts(async () => new Uint8Array());
  page = createExplorer(ports, fakeLibrary());
  await page.runs.fetch();
  await ready();
});
afterEach(() => page.dispose());

describe("samples that stand for many draws", () => {
  beforeEach(async () => {
    page.actions.setRepresentativeOf(64);
    await ready();
  });

  it("are some of the draws, under their own numbers, and chosen by what all of them are", () => {
    expect(drawnMasks(state())).toHaveLength(64);
    expect(chosenDraws(state())).toEqual(representatives(drawnMasks(state()), 16));
    expect(sampleMasks(state())).toEqual(sampleOrder(state()).map((place) => drawnMasks(state())[place]));
    expect(planeMarks(state()).samples).toHaveLength(16);
    page.actions.setSort("area");
    expect([...sampleOrder(state())].sort((a, b) => a - b)).toEqual(chosenDraws(state()).places);
  });

  it("have their figures beside those of the first draws, never in their place", async () => {
    const graders = caseGraders(state()).map(({ mask }) => mask);
    const { agreement, samples, representative } = figures(state());
    expect(representative?.of).toBe(64);
    expect(representative?.agreement?.ged2).toBe(ged2(sampleMasks(state()), graders).ged2);
    page.actions.setRepresentativeOf(null);
    await ready();
    expect(figures(state())).toMatchObject({ agreement, samples, representative: null });
  });

  it("are the first draws again where the switch is off, and none is drawn twice for another count", async () => {
    const before = state().drawn;
    page.actions.setCount(5);
    await ready();
    expect(chosenDraws(state())).toEqual(representatives(drawnMasks(state()), 5));
    expect(state().drawn).toBe(before);
    page.actions.setRepresentativeOf(null);
    await ready();
    expect(chosenDraws(state())).toEqual({ places: [0, 1, 2, 3, 4], weights: null });
  });

  it("name the sample that is nearest to a grader by its draw, and a click shows that draw", async () => {
    const nearest = graderFigures(state()).map((row) => row.nearest as number);
    for (const index of nearest) expect(chosenDraws(state()).places).toContain(index);
    page.actions.chooseSample(nearest[0] as number);
    await ready();
    const { samples } = state().drawn?.value ?? { samples: null };
    const pixels = 128 * 128;
    const at = (nearest[0] as number) * pixels;
    expect(state().current?.value).toEqual(samples?.probabilities.slice(at, at + pixels));
  });

  it("leave as they are shown, and come back by session and link", async () => {
    const { bytes } = await page.actions.exportView(FIRST_WISH, null, "2026-11-28T12:00:00Z");
    const files = unzipSync(bytes);
    const { places, weights } = chosenDraws(state());
    const names = places.map((place) => `sample-${String(place + 1).padStart(3, "0")}.png`);
    expect(Object.keys(files).filter((path) => path.startsWith("sample-"))).toEqual(names);
    const session = sessionOf(state(), ports.app, "2026-11-28T12:00:00Z");
    expect(session?.choice).toMatchObject({ count: 16, representative: { of: 64, weights } });
    const hash = intentToHash(state().intent, null);
    expect(hash).toContain("&of=64");
    expect(hashToIntent(hash).intent.representativeOf).toBe(64);
    expect(hashToIntent(hash.replace("of=64", "of=5")).intent.representativeOf).toBeNull();
    page.actions.setRepresentativeOf(null);
    await ready();
    await page.actions.openFiles([new File([files["session.json"] as Uint8Array<ArrayBuffer>], "session.json")]);
    await ready();
    expect(chosenDraws(state())).toEqual({ places, weights });
  });

  it("stand in the comparison too, in the column of the page's model as in the others", async () => {
    page.actions.openCompare();
    page.actions.setSystems(["fake", "fake-m-heads", "fake-dropout-unet"]);
    await until(() => !isBusy(state()) && !isComparing(state()));
    expect(columnChosen(state(), state().intent.model)).toEqual(chosenDraws(state()));
    expect(columnFigures(state(), state().intent.model)).toEqual(figures(state()));
    const passes = columnFigures(state(), "fake-dropout-unet");
    expect(passes).toMatchObject({ samples: 16, representative: { of: 64 } });
    // four heads are all there is: nothing stands for more
    expect(columnFigures(state(), "fake-m-heads")).toMatchObject({ samples: 4, representative: null });
  });
});

describe("the order of the draws", () => {
  const z = () => state().drawn?.value.draws.map((draw) => [...draw.z]);

  it("is i.i.d. at first; another draws other samples, which the figures' line and the plane follow", async () => {
    const before = z();
    page.actions.setOrder("antithetic");
    expect(samplesAreStale(state())).toBe(true);
    await ready();
    const [first, second] = z() ?? [];
    const { mean } = state().encoded?.value.prior ?? {};
    expect(first).toEqual(before?.[0]); // the even ones are the i.i.d. ones; z − mean turns round in the odd ones
    for (const [axis, value] of (second ?? []).entries()) {
      const centre = mean?.[axis] ?? Number.NaN;
      expect(value - centre).toBeCloseTo(centre - (first?.[axis] ?? Number.NaN), 5);
    }
    const at = planeMarks(state()).samples.map((one) => one.at);
    expect(at[1]?.[0]).toBeCloseTo(-(at[0]?.[0] ?? Number.NaN), 5);
    page.actions.setOrder("iid");
    await ready();
    expect(z()).toEqual(before);
  });

  it("a click on a sample shows that sample", async () => {
    page.actions.setOrder("sobol");
    page.actions.chooseSample(5);
    await ready();
    const pixels = 128 * 128;
    const { samples } = state().drawn?.value ?? { samples: null };
    expect(state().current?.value).toEqual(samples?.probabilities.slice(5 * pixels, 6 * pixels));
  });

  it("stays in session and link, where its absence means i.i.d.", async () => {
    expect(sessionOf(state(), ports.app, "")?.choice).not.toHaveProperty("order");
    expect(intentToHash(state().intent, null)).not.toContain("order");
    page.actions.setOrder("sobol");
    page.actions.setRepresentativeOf(64);
    await ready();
    const [wanted, chosen] = [z(), chosenDraws(state())];
    const { bytes } = await page.actions.exportView(FIRST_WISH, null, "2026-11-28T12:00:00Z");
    const files = unzipSync(bytes);
    expect(sessionOf(state(), ports.app, "")?.choice).toMatchObject({ order: "sobol", representative: { of: 64 } });
    const hash = intentToHash(state().intent, null);
    expect(hash).toContain("&order=sobol");
    expect(hashToIntent(hash).intent.order).toBe("sobol");
    expect(hashToIntent(hash.replace("order=sobol", "order=best")).intent.order).toBe("iid");
    page.actions.setOrder("iid");
    await ready();
    expect(z()).not.toEqual(wanted);
    await page.actions.openFiles([new File([files["session.json"] as Uint8Array<ArrayBuffer>], "session.json")]);
    await ready();
    expect([z(), chosenDraws(state())]).toEqual([wanted, chosen]);
  });

  it("is of no account to a system without z: nothing is drawn anew, and its session names none", async () => {
    page.actions.setModel("fake-dropout-unet");
    await ready();
    const before = state().drawn;
    page.actions.setOrder("sobol");
    await ready();
    expect(state().drawn).toBe(before);
    expect(sessionOf(state(), ports.app, "")?.choice).not.toHaveProperty("order");
  });

  it("is that of the columns of the comparison whose systems draw z", async () => {
    page.actions.openCompare();
    page.actions.setSystems(["fake-m-heads", "fake-dropout-unet"]);
    await until(() => !isBusy(state()) && !isComparing(state()));
    const iid = z();
    const [heads, passes] = ["fake-m-heads", "fake-dropout-unet"].map((name) => columnDrawn(state(), name));
    page.actions.setOrder("sobol");
    await until(() => !isBusy(state()) && !isComparing(state()));
    expect(columnDrawn(state(), "fake-m-heads")).toBe(heads);
    expect(columnDrawn(state(), "fake-dropout-unet")).toBe(passes);
    const sobol = z();
    page.actions.setModel("fake-m-heads");
    page.actions.setSystems(["fake"]);
    await until(() => !isBusy(state()) && !columnIsStale(state(), "fake"));
    expect(columnDrawn(state(), "fake")?.draws.map((draw) => [...draw.z])).toEqual(sobol);
    expect(sobol).not.toEqual(iid);
  });
});

it("four readers would draw it as the model's law says of its draws, and of no law nothing is said", async () => {
  const drawn = drawnMasks(state()).filter(({ bits }) => bits.includes(1)).length;
  const law = state().model?.value.config.presenceLaw as PresenceLaw;
  expect(presenceFigures(state())).toEqual({ odds: presenceOdds(law, drawn, 16, 4), drawn, draws: 16 });
  page.actions.setModel("fake-dropout-unet");
  await ready();
  expect(presenceFigures(state())).toBeNull();
});
