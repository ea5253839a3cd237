/** Problems listed in a dialog; the editor shows all of them. */
export const SHOWN = 8;
