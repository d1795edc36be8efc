/**
 * In a frame, an answer begins where somebody looks. They have scrolled the page around it down to the button, on a phone with the
 * keyboard open; the frame's top, where an answer would begin, is then above the screen. To scroll that page would tell its
 * scripts when somebody asks. The frame sees by itself which part of it is visible, and tells nobody.
 */

/** Between the edge of what is visible and the answer. */
const GAP_PX = 12;

/** How much of the frame is out of sight above and below; once, a moment later. @param {(above: number, below: number) => void} use */
function measure(use) {
  const observer = new IntersectionObserver(([seen]) => {
    observer.disconnect();
    if (!seen?.isIntersecting) return;
    // In coordinates of the frame's own window.
    const { top, bottom } = seen.intersectionRect;
    use(Math.max(0, top), Math.max(0, innerHeight - bottom));
  });
  observer.observe(document.documentElement);
}

/** For the host of an app: where an answer has taken the form's place. */
export function toVisibleTop() {
  scrollTo(0, 0);
  const answer = /** @type {HTMLElement} */ (document.getElementById('answer'));
  answer.style.marginTop = '';
  if (answer.hidden) return;
  measure((above) => {
    const missing = above + GAP_PX - answer.offsetTop;
    if (!above || scrollY || missing <= 0) return;
    answer.style.marginTop = `${missing}px`;
    closeGapWhenSeen(answer);
  });
}

/** Who scrolls up to the frame's own head finds the answer below it, and no gap. @param {HTMLElement} answer */
function closeGapWhenSeen(answer) {
  const head = /** @type {HTMLElement} */ (document.querySelector('.top'));
  const observer = new IntersectionObserver(([seen]) => {
    if (!seen?.isIntersecting) return;
    observer.disconnect();
    answer.style.marginTop = '';
  });
  observer.observe(head);
}

/** The bar at the frame's foot that says how far a search is: at the foot of what is visible (css/embed.css). */
export function keepProgressVisible() {
  const keep = () => measure((_, below) => document.documentElement.style.setProperty('--below', `${below}px`));
  addEventListener('click', keep);
  addEventListener('keydown', ({ key }) => key === 'Enter' && keep());
}
