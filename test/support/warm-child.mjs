/* Runs the service's main module, named by the argument, once it is told to. All its code is loaded before: a start then takes as
 * long as opening the stores does, and a kill early in it hits that, not the loading of modules. */
import { pathToFileURL } from 'node:url';

const main = process.argv[2];
await import(new URL('./service.js', pathToFileURL(main)).href);
process.on('disconnect', () => process.exit(1));
process.once('message', () => {
  // From here on the service must end by itself: the channel stays open without keeping the process.
  process.channel.unref();
  // What main.js looks at to see that it is the program.
  process.argv[1] = main;
  void import(pathToFileURL(main).href);
});
process.send('warm');
