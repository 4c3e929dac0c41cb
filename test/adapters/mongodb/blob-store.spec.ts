import { MongoBlobStore } from '../../../src/adapters/mongodb/blob-store.js';
import { blobStoreContract } from '../../contracts/blob-store.js';
import { onMongo } from '../../support/mongo-server.js';

onMongo('blobs in MongoDB', (server) => {
  blobStoreContract('MongoBlobStore', async () => {
    const connection = await server().connect(server().newDatabase());
    return { store: await MongoBlobStore.open(connection), close: () => connection.close() };
  });
});
