/** How Indonesians write a place: the official code tells a kelurahan from a desa, and Papua has words of its own. */
import { t } from './i18n.js';

/** @param {string} code */
const papua = (code) => code.startsWith('9');

/** "Kelurahan Cirimekar". @param {string} code @param {string} name */
export function village(code, name) {
  const kind = { 1: 'kelurahan', 2: papua(code) ? 'kampung' : 'desa' }[code[6] ?? ''] ?? 'village';
  return t(`place.${kind}`, { name });
}

/** "Kec. Cibinong". @param {string} code @param {string} name */
export const district = (code, name) => t(papua(code) ? 'place.distrik' : 'place.kecamatan', { name });

/** "Kab. Bogor": shortened, whatever way the operator writes it. @param {string} name */
export const regency = (name) => name.replace(/^(kabupaten|kab\.?)\s+/i, 'Kab. ');

/** @param {{ code: string, name: string, regency: string }} place */
export const districtLine = (place) => `${district(place.code, place.name)}, ${regency(place.regency)}`;

/** @param {{ code: string, district: string, regency: string, province: string }} place */
export const above = (place) => [district(place.code, place.district), regency(place.regency), place.province].join(', ');
