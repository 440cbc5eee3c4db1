import type { StoreApi } from "zustand/vanilla";
import { isAbort, toPlain } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import type { Archive } from "../../io/dicomweb/archive.ts";
import type { Ports } from "../app/ports.ts";
import type { ArchiveSite, DeskState } from "./desk-state.ts";

/** What is asked of an archive, one thing at a time: what was asked last counts, and a failure leaves what stands there. */
export class Asking {
  private readonly desk: StoreApi<DeskState>;
  private readonly transport: Ports["archiveTransport"];
  private readonly archives = new Map<ArchiveSite, Promise<Archive>>();
  private current: AbortController | null = null;
  private last: (() => Promise<void>) | null = null;

  constructor(desk: StoreApi<DeskState>, transport: Ports["archiveTransport"]) {
    this.desk = desk;
    this.transport = transport;
  }

  /** `what`: what is being asked, for people. Does nothing where the page may ask no archive. */
  async run(what: Text, work: (archive: Archive, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.current?.abort();
    const mine = new AbortController();
    this.current = mine;
    this.last = () => this.run(what, work);
    this.desk.setState({ doing: what, setback: null });
    try {
      const archive = await this.archive();
      if (archive) await work(archive, mine.signal);
    } catch (error) {
      if (this.current === mine && !isAbort(error)) this.desk.setState({ setback: toPlain(error) });
    }
    if (this.current === mine) {
      this.current = null;
      this.desk.setState({ doing: null });
    }
  }

  /** Gives up what is being asked; what stands there stays. */
  cancel(): void {
    this.current?.abort();
    this.current = null;
    this.desk.setState({ doing: null });
  }

  /** The same, and what failed before is told no more. */
  leave(): void {
    this.cancel();
    this.desk.setState({ setback: null });
  }

  /** Tries again what failed last. */
  async retry(): Promise<void> {
    await this.last?.();
  }

  /** Name and password, in memory alone, and what was refused is asked again. */
  async logIn(user: string, password: string): Promise<void> {
    const { basicAuthorization } = await import("../../io/dicomweb/transport.ts");
    const archive = await this.archive();
    archive?.wire.logIn(basicAuthorization(user, password));
    await this.retry();
  }

  private archive(): Promise<Archive> | null {
    const { site } = this.desk.getState();
    if (!site) return null;
    const transport = this.transport;
    const known =
      this.archives.get(site) ??
      import("../../io/dicomweb/archive.ts").then(({ Archive: Opened }) => new Opened(site, transport));
    this.archives.set(site, known);
    return known;
  }
}
