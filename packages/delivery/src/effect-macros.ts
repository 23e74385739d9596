/**
 * The macros `$shadow$` and `$glow$`, which the documentation names as built in. Their text is not published: it says that they are similar
 * to Photoshop's effects. These are the settings with which Photoshop offers a drop shadow and an outer glow: 75 % opaque and 5 pixels
 * wide, the shadow 5 pixels away from a light at 120 degrees.
 */
export const effectMacros: Readonly<Record<string, string>> = {
  shadow: 'color=0,0,0&blendMode=mult&opac=75&op_blur=5&pos=3,4',
  glow: 'color=255,255,190&blendMode=screen&opac=75&op_blur=5&op_grow=1&pos=0,0',
};
