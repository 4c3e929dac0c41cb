// For mongosh. Makes three servers a replica set, and the user of the service; again, it only sets that user's password.
const { MONGO_ROOT_PASSWORD, MONGO_PASSWORD } = process.env;
const NAME = 'portcullis';
const members = ['mongo-1:27017', 'mongo-2:27017', 'mongo-3:27017'];
const as = (hosts, options) =>
  connect(`mongodb://root:${encodeURIComponent(MONGO_ROOT_PASSWORD)}@${hosts}/admin?${options}`);

const first = as(members[0], 'directConnection=true&serverSelectionTimeoutMS=60000');
try {
  first.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  first.adminCommand({
    replSetInitiate: { _id: NAME, members: members.map((host, _id) => ({ _id, host })) },
  });
}

// Until a primary is elected, which takes some ten seconds at first.
const whole = as(members.join(','), `replicaSet=${NAME}&serverSelectionTimeoutMS=60000`);
const database = whole.getSiblingDB('portcullis');
const roles = [{ role: 'readWrite', db: 'portcullis' }];
if (database.getUser('portcullis') === null) {
  database.createUser({ user: 'portcullis', pwd: MONGO_PASSWORD, roles }, { w: 'majority' });
} else {
  database.updateUser('portcullis', { pwd: MONGO_PASSWORD, roles }, { w: 'majority' });
}
