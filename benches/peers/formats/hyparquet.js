import { asyncBufferFromUrl, cachedAsyncBuffer, parquetMetadataAsync, parquetQuery } from 'hyparquet';

/** Requests the ranges of the file that it needs: a host sees which. */
export async function open(data) {
  const file = cachedAsyncBuffer(await asyncBufferFromUrl({ url: `${data}/voters.parquet` }));
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: 1 << 14 });
  return async (nik, name) => (await parquetQuery({ file, metadata, filter: { nik: { $eq: nik }, name: { $eq: name } } }))[0]?.station;
}
