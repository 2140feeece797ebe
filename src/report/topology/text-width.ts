/** How wide a text comes out about, in pixels, where nothing can measure it: wide characters count whole, others 0.56. */
export function textWidth(text: string, fontPx: number): number {
  let ems = 0;
  for (const character of text) ems += isWide(character) ? 1 : 0.56;
  return ems * fontPx;
}

/** Cuts a text so that it fits. */
export function fitText(text: string, fontPx: number, widthPx: number): string {
  if (textWidth(text, fontPx) <= widthPx) return text;
  let kept = "";
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, fontPx) > widthPx) break;
    kept += character;
  }
  return `${kept}…`;
}

function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) >= 0x1100;
}
