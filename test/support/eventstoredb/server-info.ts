import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';

import type { Member, Membership, ServerOptions } from './node.js';
import { uuid } from './wire.js';

const { LEADER, FOLLOWER } = gossip.MemberInfo.VNodeState;

/** What the client asks once a connection, to know whether it may append in batches. */
export function supportedMethods({ version, takesBatches }: ServerOptions): features.SupportedMethods {
  const names = ['append', 'delete', 'tombstone', 'read', ...(takesBatches ? ['batchappend'] : [])];
  return new features.SupportedMethods()
    .setEventStoreServerVersion(version)
    .setMethodsList(
      names.map((name) =>
        new features.SupportedMethod()
          .setServiceName('event_store.client.streams.streams')
          .setMethodName(name),
      ),
    );
}

export const clusterInfo = (membership: Membership): gossip.ClusterInfo =>
  new gossip.ClusterInfo().setMembersList(membership.members().map(memberInfo));

const memberInfo = ({ address, port, isAlive, isLeader }: Member): gossip.MemberInfo =>
  new gossip.MemberInfo()
    .setInstanceId(uuid(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`))
    .setTimeStamp(String(Date.now()))
    .setState(isLeader ? LEADER : FOLLOWER)
    .setIsAlive(isAlive)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(address).setPort(port));
