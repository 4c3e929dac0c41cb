/** A JSON pointer to a field of `parent`; to `parent` itself when the name is one that no field has, since what strangers send is
 *  not repeated to them. */
export const pointerTo = (parent: string, name: string): string =>
  /^[\w$.-]{1,64}$/.test(name) ? `${parent}/${name}` : parent;
