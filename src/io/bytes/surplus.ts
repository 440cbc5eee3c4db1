/**
 * The sentence for a file that holds more numbers than its header declares: a wrong number of rows or bits shows no
 * other way. One byte more makes an even number of them (PS3.5 §8.1.1) and says nothing.
 */
import { say, type Text } from "../../core/language/say.ts";
export function surplusNotes(name: string, needed: number, there: number): Text[] {
  const more = there - needed;
  if (!(more > 1)) return [];
  return [say`${name}: it holds ${more} bytes more than the size it declares takes; its header may be wrong`];
}
