import { MongoKeyStore } from '../../../src/adapters/mongodb/key-store.js';
import { keyStoreContract } from '../../contracts/key-store.js';
import { onMongo } from '../../support/mongo-server.js';

onMongo('keys in MongoDB', (server) => {
  keyStoreContract('MongoKeyStore', async () => {
    const connection = await server().connect(server().newDatabase());
    return { store: await MongoKeyStore.open(connection), close: () => connection.close() };
  });
});
