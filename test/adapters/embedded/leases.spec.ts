import { MemoryLeases } from '../../../src/adapters/embedded/leases.js';
import { leasesContract } from '../../contracts/leases.js';

leasesContract('MemoryLeases', async () => ({ leases: new MemoryLeases(), close: async () => undefined }));
