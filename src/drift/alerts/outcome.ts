/** How a try to send ended. `doubt`: it left, and nobody knows whether it arrived. Reasons hold no address and no
 *  secret. */
export type SendOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs?: number }
  | { readonly kind: "doubt"; readonly reason: string };
