import ssh2 from "ssh2";

/** A key pair as OpenSSH text. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

const MAX_ATTEMPTS = 20;

/** Makes an ed25519 key pair. Now and then (about one in 250) ssh2 writes one that it cannot read itself: such a one is
 *  thrown away. */
export function newKeyPair(): KeyPair {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error))
      return { private: pair.private, public: pair.public.trim() };
  }
  throw new Error(`no readable key in ${MAX_ATTEMPTS} attempts`);
}
