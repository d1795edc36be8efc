/**
 * Says beside the links to maps that they only search for the address.
 * @param {Ui} ui
 * @param {Element} note
 */
export const sayByAddress = ({ language }, note) => void language.setText(note, 'stations.by_address');
