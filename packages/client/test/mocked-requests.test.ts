// Programs that mock or trace requests replace functions of Node's modules, also after this package was loaded.
import { codec } from '@ips-sdk/wire';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { clientOf } from './support/clients.js';

const STOP = { jobHandle: 'j|6|Nightly|' };

describe.each(['http', 'https'] as const)('requests by %s', (protocol) => {
  const endpoint = `${protocol}://ips.example.com/scene7/services/IpsApiService`;

  it('are seen by MSW, when it begins after the client was made', async () => {
    const ips = clientOf({ endpoint });
    const seen: string[] = [];
    const server = setupServer(
      http.post(endpoint, async ({ request }) => {
        seen.push(codec.decodeRequest(await request.text()).operation);
        return HttpResponse.xml(codec.encodeResponse('stopJob', {}));
      }),
    );
    server.listen({ onUnhandledRequest: 'error' });
    onTestFinished(() => server.close());
    await ips.stopJob(STOP);
    expect(seen).toEqual(['stopJob']);
  });

  it('go through the request function of the moment, as tracers replace it', async () => {
    const ips = clientOf({ endpoint }, { retry: false });
    const module = process.getBuiltinModule(`node:${protocol}`);
    const request = vi.spyOn(module, 'request').mockImplementation(() => {
      throw new Error('traced');
    });
    onTestFinished(() => request.mockRestore());
    await expect(ips.stopJob(STOP)).rejects.toThrow('traced');
    expect(request).toHaveBeenCalledTimes(1);
  });
});
