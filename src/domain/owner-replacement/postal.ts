const BOX = '(?:BOX|BX)(?![A-Z])';

/** The usual spellings of a Post Office box. A rural route's box ("RR 2 Box 15") is where people live, and is none. */
const postOfficeBoxes = [
  // P.O. Box 12, PO BOX12, P 0 Bx 12, P. O. Drawer 12, P.O.B. 12, POB12
  new RegExp(String.raw`\bP ?[O0] ?(?:${BOX}|DRAWER\b|B ?\d)`),
  // Post Office Box 12, Post Ofc. Box, Postoffice Box, Postal Box, Post Box, Post Office Drawer
  new RegExp(String.raw`\bPOST(?:AL)? ?(?:OFFICE|OFC|OFF)? ?(?:${BOX}|DRAWER\b)`),
  new RegExp(String.raw`\b(?:GPO|CALLER|LOCK) ?${BOX}`),
  /^BOX ?(?:N[O0] ?|NUMBER ?)?\d/,
  // As Puerto Rico writes it.
  /\bAPARTADO(?: POSTAL)? ?(?:N[O0] ?)?\d/,
];

export function isPostOfficeBox(address: string): boolean {
  const plain = address
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
  return postOfficeBoxes.some((spelling) => spelling.test(plain));
}

const states: ReadonlySet<string> = new Set(
  (
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN ' +
    'TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP'
  ).split(' '),
);

/** A state, the District of Columbia, a territory, or the armed forces' mail. */
export const isState = (text: string): boolean => states.has(text.toUpperCase());

export const isZip = (text: string): boolean => /^(?!00000)\d{5}(?:-\d{4})?$/.test(text);
