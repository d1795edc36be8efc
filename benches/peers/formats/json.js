export async function open(data) {
  const voters = new Map(Object.entries(await (await fetch(`${data}/voters.json`)).json()));
  return (nik, name) => voters.get(`${nik}|${name}`);
}
