import { MongoReadStore } from '../../../src/adapters/mongodb/read-store.js';
import { readStoreContract } from '../../contracts/read-store.js';
import { onMongo } from '../../support/mongo-server.js';

onMongo('views in MongoDB', (server) => {
  readStoreContract('MongoReadStore', async () => {
    const connection = await server().connect(server().newDatabase());
    const store = new MongoReadStore(connection);
    return {
      store,
      close: async () => {
        await store.close();
        await connection.close();
      },
    };
  });
});
