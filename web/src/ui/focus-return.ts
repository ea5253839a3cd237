const DIALOG = '[role="dialog"], [role="alertdialog"]';
const POPUP = '[role="menu"], [role="listbox"]'; // gone by the time somebody comes back

/**
 * Gives the focus back to what had it when a dialog goes away, on whatever screen (WCAG 2.4.3). Our dialogs are put
 * into the page when they open and taken out of it when they close, which Mantine's own focus return does not see.
 * Returns how to stop.
 */
export function returnFocusAfterDialogs(): () => void {
  // What had the focus last in each dialog that is open, and, under the body, outside of all of them.
  const last = new WeakMap<Element, HTMLElement>();
  let inDialog: HTMLElement | null = null;

  const onFocus = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || target.closest(POPUP)) return;
    const dialog = target.closest(DIALOG);
    last.set(dialog ?? document.body, target);
    inDialog = dialog && target;
  };
  const observer = new MutationObserver(() => {
    if (!inDialog || inDialog.isConnected || document.activeElement !== document.body) return;
    inDialog = null;
    const home = [...document.querySelectorAll(DIALOG)].at(-1) ?? document.body;
    const before = last.get(home);
    if (before?.isConnected) before.focus({ preventScroll: true });
  });

  document.addEventListener("focusin", onFocus);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", onFocus);
    observer.disconnect();
  };
}
