import { serveReader, type ToReader } from '@observe/gotrace';

const handle = serveReader((message, transfer) => self.postMessage(message, { transfer }));
self.addEventListener('message', (event: MessageEvent<ToReader>) => handle(event.data));
