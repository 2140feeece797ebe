/** The one user of age-encryption: texts that may be restored are kept only encrypted. It brings eighty files of
 *  curves and ciphers, so it is loaded when something is sealed or opened, and not at every start. */
const age = () => import("age-encryption");

/** Encrypts for recipients (`age1…`). @throws Error where a recipient is malformed */
export async function encryptFor(
  recipients: readonly string[],
  text: string | Uint8Array,
): Promise<Uint8Array> {
  const { Encrypter } = await age();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Decrypts with an identity (`AGE-SECRET-KEY-1…`). @throws Error where it is not among the recipients */
export async function decryptWith(identity: string, data: Uint8Array): Promise<string> {
  return new TextDecoder().decode(await decryptBytes(identity, data));
}

/** Decrypts what is no text. @throws Error where the identity is not among the recipients */
export async function decryptBytes(identity: string, data: Uint8Array): Promise<Uint8Array> {
  const { Decrypter } = await age();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(data);
}

/** Makes a key pair. */
export async function makeIdentity(): Promise<{ readonly identity: string; readonly recipient: string }> {
  const { generateIdentity, identityToRecipient } = await age();
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The recipient that belongs to an identity. */
export async function recipientOf(identity: string): Promise<string> {
  return (await age()).identityToRecipient(identity);
}
