// Every screen of the console, in every state that a user can reach. A new screen or state gets a stop here, and with
// it all checks of tour.spec.ts, and its screenshots by `cargo xtask screens`.
import type { Stop } from "./stop.ts";
import { belowStops } from "./stops/list-below.ts";
import { rowStops } from "./stops/list-rows.ts";
import { listTroubleStops } from "./stops/list-trouble.ts";
import { listStops } from "./stops/list.ts";
import { newTokenStops } from "./stops/new-token.ts";
import { noTokenStops } from "./stops/no-token.ts";
import { paletteStops } from "./stops/palette.ts";
import { rotationStops } from "./stops/rotation.ts";
import { sessionStops } from "./stops/session.ts";
import { signInStops } from "./stops/sign-in.ts";
import { tokenStops } from "./stops/token.ts";

export const stops: readonly Stop[] = [
  ...signInStops,
  ...listStops,
  ...listTroubleStops,
  ...rowStops,
  ...belowStops,
  ...newTokenStops,
  ...tokenStops,
  ...noTokenStops,
  ...rotationStops,
  ...sessionStops,
  ...paletteStops,
];
