import { MongoLeases } from '../../../src/adapters/mongodb/leases.js';
import { leasesContract } from '../../contracts/leases.js';
import { onMongo } from '../../support/mongo-server.js';

onMongo('leases in MongoDB', (server) => {
  leasesContract('MongoLeases', async () => {
    const connection = await server().connect(server().newDatabase());
    return { leases: new MongoLeases(connection), close: () => connection.close() };
  });
});
