/** How to make a {@link Bilik}. */
export interface BilikOptions {
  /** Base addresses of mirrors of the site, each ending in a slash. Only these are ever asked. */
  mirrors: string[];
  /** The operator's public key or keys: the line in `KEY.pub`. Never taken from the network. */
  publicKey: string | string[];
  /** How many of the keys must have signed (default 1). */
  threshold?: number;
  /** The id of the one election whose answers are wanted; without it, any that the keys signed. */
  election?: string;
  /** What the page already knows of the line: it tells a mirror that is slow from a line that is. */
  line?: {
    /** Milliseconds to the first byte of the page itself, when that came from the network. */
    firstByte?: number;
    /** Bytes per second of the page's own files. */
    rate?: number;
  };
}

/** A voter's details. Either `nik`, or `birthDate`, `sex` and `district` (the same 12 digits). */
export interface Question {
  /** The first 12 digits of the NIK; spaces and dots are ignored, whatever follows the twelfth digit is dropped. */
  nik?: string;
  /** `YYYY-MM-DD`. */
  birthDate?: string;
  /** `f` or `m`. */
  sex?: 'f' | 'm';
  /** The six digits of the district where the NIK was first issued. */
  district?: string;
  /** The name, as it stands on the identity card or nearly so. */
  name: string;
  /** The village that stands on the identity card: a 10-digit code. Only `near` needs it. */
  village?: string;
}

/** How far a lookup is, or the saving of a regency. */
export interface Progress {
  step: 'files' | 'derive' | 'save';
  /** Derivations done, or bytes saved. 0 while a lookup's files are fetched. */
  done: number;
  /** Derivations at most (1 for `full`, 2^pepper_bits for `near`), or bytes to save. 0 while a lookup's files are fetched. */
  of: number;
}

/** What may go with a lookup. */
export interface LookupOptions {
  onProgress?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** A polling station, with the names of where it is. */
export interface Station {
  /** The operator's id of the station. */
  id: string;
  /** The station's number in its village; extension stations are numbered from 901. */
  number: number;
  village: string;
  /** 10 digits. */
  villageCode: string;
  district: string;
  regency: string;
  province: string;
  venue: string;
  address: string;
  /** Degrees, north positive; absent where the operator gave none. */
  lat?: number;
  /** Degrees, east positive. */
  lon?: number;
  /** The coordinates lie far from the other stations of the district. */
  doubtfulCoordinates?: true;
  /** ISO 8601 with the offset of the station's own time zone. */
  opens: string;
  /** ISO 8601 with the offset of the station's own time zone. */
  closes: string;
  /** `WIB`, `WITA` or `WIT`. */
  timeZone: 'WIB' | 'WITA' | 'WIT';
  /** What the operator says of this station, for example that it moved. */
  notice?: string;
  /** Whether it can be reached and used in a wheelchair; absent where nobody said. */
  accessible?: boolean;
}

/** The election that the answer is about. */
export interface Election {
  id: string;
  name: string;
  /** Polling day, `YYYY-MM-DD`. */
  date: string;
  /** All of it is made up. Every screen must say so. */
  demo: boolean;
  /** Whom to call. */
  helpPhone?: string;
  /** Where to read more. */
  helpUrl?: string;
}

/** Which data answered. */
export interface Provenance {
  /** The serial of the signed head: higher is newer. */
  serial: number;
  /** ISO 8601, UTC. */
  signedAt: string;
  /** ISO 8601, UTC: past this the data answers nothing. */
  expires: string;
  /** The manifest's digest, hex. */
  manifest: string;
  /** The device's clock stands before `signedAt`. */
  clockBehind?: true;
  /** No mirror could be asked whether this is the newest: it is what this device keeps. */
  offline?: true;
  /** When `offline`: ISO 8601, UTC, when a mirror last said that it is the newest. */
  checkedAt?: string;
  /** What was refused, late or out of reach on the way to an answer that could be given all the same. */
  problems?: Problem[];
}

/** Odd but possible details: never a reason to refuse. */
export type Warning = 'impossible_date' | 'repeated_digits' | 'unknown_district';

/** A village to choose from. */
export interface Village {
  /** 10 digits. */
  code: string;
  name: string;
  district: string;
  regency: string;
  province: string;
}

/** What went wrong with a file, and where it came from. */
export interface Problem {
  /** The mirror's base address, or the folder. */
  source: string;
  /** The file's path under it. */
  file: string;
  /** In English, for the diagnostics; never holds a voter's detail. */
  reason: string;
  /** The file was there and was refused, rather than out of reach. */
  refused?: true;
}

/** What was searched, in words that can be shown. */
export interface Searched {
  /** The first six digits. */
  district: string;
  /** Its name today, where it still has one. */
  districtName?: string;
  regency?: string;
  /** 10 digits, where a village was given. */
  village?: string;
  /** Which recipes were tried. */
  by: ('full' | 'near')[];
  /** The name given consists of names that too many share here: more of the name may find the voter. */
  commonName?: true;
}

/** The answer to a question. */
export type Outcome =
  | { outcome: 'found'; by: 'full' | 'near'; station: Station; election: Election; data: Provenance; warnings: Warning[] }
  | { outcome: 'ambiguous'; by: 'full' | 'near'; stations: Station[]; election: Election; data: Provenance; warnings: Warning[] }
  | { outcome: 'village_needed'; reason: 'short_name' | 'not_found_by_name'; villages: Village[]; searched: Searched; election: Election; data: Provenance; warnings: Warning[] }
  | { outcome: 'not_found'; searched: Searched; election: Election; data: Provenance; warnings: Warning[] }
  | { outcome: 'no_such_region'; searched: Searched; election: Election; data: Provenance; warnings: Warning[] }
  | { outcome: 'bad_input'; field: 'nik' | 'name' | 'birthDate' | 'sex' | 'district' | 'village'; reason: 'missing' | 'too_short' | 'not_digits' | 'not_a_date' | 'not_a_sex' | 'not_a_code' | 'no_letters' | 'too_long' }
  | { outcome: 'stale'; election?: Election; data: Provenance }
  | { outcome: 'unverified'; problems: Problem[] }
  | { outcome: 'unreachable'; problems: Problem[] };

/** What the details typed so far already tell. */
export interface Prepared {
  /** How many digits were usable (at most 12). */
  digits: number;
  /** The district of first issue by name, once six digits are there and it still exists. */
  district?: { code: string; name: string; regency: string; province: string };
  /** The files that a lookup by `full` needs are here and verified. */
  ready: boolean;
  warnings: Warning[];
  election?: Election;
  data?: Provenance;
}

/** A regency's files, and how much of them this device keeps. */
export interface Saved {
  /** 4 digits. */
  code: string;
  name: string;
  province: string;
  files: number;
  bytes: number;
  /** The bytes of those that are kept: all of them once it is saved. */
  savedBytes: number;
}

/** That the site is there and can be trusted. */
export interface Ready {
  outcome: 'ready';
  election: Election;
  data: Provenance;
}
