/** Where browsers find the portal: the only origin whose pages may write. Bound in the app module from PUBLIC_URL. */
export abstract class PublicOrigin {
  /** Such as `https://portal.example`. */
  abstract readonly value: string;
}
