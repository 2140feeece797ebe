/** How a push ended.
 *  `refused`: nothing was sent (stale plan, gate, lock, secret missing); `unreachable`: nothing was sent;
 *  `held`: a device that must go first failed; `rolled-back`: proved equal to before; `needs-person`: not proved. */
export type PushResult =
  | "done"
  | "same"
  | "released"
  | "refused"
  | "unreachable"
  | "held"
  | "rolled-back"
  | "needs-person";
