/**
 * Refuses files that are dropped beside the places for them: the browser would leave the console and open the file. Texts can still be
 * dropped into fields.
 */
export function guardDrops(target: Window): void {
  const refuse = (event: DragEvent): void => {
    const { dataTransfer } = event;
    if (event.defaultPrevented || dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    dataTransfer.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}
