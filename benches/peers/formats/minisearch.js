import MiniSearch from 'minisearch';

export async function open(data) {
  const text = await (await fetch(`${data}/voters.json`)).text();
  const index = MiniSearch.loadJSON(text, { fields: ['key'], storeFields: ['key', 'station'] });
  return (nik, name) => index.search(`${nik} ${name}`, { combineWith: 'AND' }).find(({ key }) => key === `${nik} ${name}`)?.station;
}
