import type { Text } from "../../../core/language/say.ts";
import type { Lasso } from "../../../state/app/intent.ts";
import type { IconName } from "../../controls/icons.tsx";

/** A button that says what the pointer draws with over the region. */
export interface Tool {
  readonly lasso: Lasso;
  readonly label: Text;
  readonly icon: IconName;
  readonly hint: Text;
}
