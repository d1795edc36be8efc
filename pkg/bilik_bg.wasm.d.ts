/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_bilik_free: (a: number, b: number) => void;
export const bilik_election: (a: number) => any;
export const bilik_forget: (a: number) => any;
export const bilik_lookup: (a: number, b: any, c: any) => any;
export const bilik_new: (a: any) => [number, number, number];
export const bilik_prepare: (a: number, b: number, c: number) => any;
export const bilik_regency: (a: number, b: number, c: number) => any;
export const bilik_remove: (a: number, b: number, c: number) => any;
export const bilik_save: (a: number, b: number, c: number, d: any) => any;
export const bilik_saved: (a: number) => any;
export const bilik_stations: (a: number, b: number, c: number) => any;
export const bilik_villages: (a: number, b: number, c: number, d: number, e: number) => any;
export const wasm_bindgen__convert__closures_____invoke__h2323bf4b34408e25: (a: number, b: number, c: any, d: any) => void;
export const wasm_bindgen__convert__closures_____invoke__hf9877075d2ba0ae5: (a: number, b: number, c: any) => [number, number];
export const __wbindgen_malloc: (a: number, b: number) => number;
export const __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
export const __wbindgen_free: (a: number, b: number, c: number) => void;
export const __wbindgen_exn_store: (a: number) => void;
export const __externref_table_alloc: () => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_destroy_closure: (a: number, b: number) => void;
export const __externref_table_dealloc: (a: number) => void;
export const __wbindgen_start: () => void;
