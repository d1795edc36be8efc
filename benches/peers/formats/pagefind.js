/**
 * Its own code lies beside its index. It fetches parts of the index by the first letters of a word, then each hit, which is compared.
 */
export async function open(data) {
  const pagefind = await import(/* @vite-ignore */ `${data}/pagefind.js`);
  await pagefind.options({ baseUrl: '/' });
  await pagefind.init();
  return async (nik, name) => {
    for (const result of (await pagefind.search(nik)).results) {
      const { meta } = await result.data();
      if (meta.title === `${nik}|${name}`) return Number(meta.station);
    }
    return undefined;
  };
}
