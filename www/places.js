/** How Indonesians write a place: the official code tells a kelurahan from a desa, and Papua has words of its own. */
import { t } from './i18n.js';

/** @param {string} code */
const papua = (code) => code.startsWith('9');

/** "Kelurahan Cirimekar". @param {string} code @param {string} name */
export const village = (code, name) =>
  t(code[6] === '1' ? 'place.kelurahan' : code[6] !== '2' ? 'place.village' : papua(code) ? 'place.kampung' : 'place.desa', { name });

/** "Kec. Cibinong". @param {string} code @param {string} name */
export const district = (code, name) => t(papua(code) ? 'place.distrik' : 'place.kecamatan', { name });

/** "Kab. Bogor", whatever way the operator writes it. @param {string} name */
export const regency = (name) => name.replace(/^(kabupaten|kab\.?)\s+/i, 'Kab. ');

/** @param {{ code: string, name: string, regency: string }} place */
export const districtLine = (place) => `${district(place.code, place.name)}, ${regency(place.regency)}`;

/** @param {{ code: string, district: string, regency: string, province: string }} place */
export const above = ({ code, district: name, province, ...place }) =>
  `${districtLine({ code, name, regency: place.regency })}, ${province}`;
