import { expect, it } from "vitest";
import { createExplorerStore } from "../../../../src/state/app/store.ts";
import { TablesKept } from "../../../../src/state/cases/kept/tables.ts";
import { KeptInMemory } from "../../../support/kept-in-memory.ts";
import { turns } from "../../../support/until.ts";

function page(machine: KeptInMemory) {
  const store = createExplorerStore(() => 0, {});
  return { store, tables: new TablesKept(store, machine.tab()) };
}

it("keeps how tables are written over a reload, and forgets it with the choice of commas", async () => {
  const machine = new KeptInMemory();
  page(machine).tables.choose("semicolon");
  await turns(5);
  const again = page(machine);
  await turns(5);
  expect(again.store.getState().tables).toBe("semicolon");
  again.tables.choose("comma");
  await turns(5);
  expect(machine.choices.get("tables")).toBeUndefined();
});

it("does not take back what was chosen before what was kept came, and keeps nothing where nothing is to be kept", async () => {
  const machine = new KeptInMemory();
  machine.choices.set("tables", "semicolon");
  const { store, tables } = page(machine);
  tables.choose("comma");
  await turns(5);
  expect(store.getState().tables).toBe("comma");
  store.setState(({ onMachine }) => ({ onMachine: { ...onMachine, keeping: false } }));
  tables.choose("semicolon");
  await turns(5);
  expect(machine.choices.get("tables")).toBeUndefined();
});
