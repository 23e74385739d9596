// Clients that other people wrote call operations that their workflows do not have, from the WSDL of each version. What is not
// installed is reported as skipped.
import { deflateSync, inflateSync } from 'node:zlib';
import type { OperationName as NameOf2016 } from '@ips-sdk/types/2016-01-14-beta';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect } from './support/call.js';
import { textPdf } from './support/documents.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { runJob } from './support/jobs.js';
import { PEER_CLIENTS, peerAnswers } from './support/peer-calls.js';
import { jpegWithBlock, pathBlock, polygon } from './support/photoshop-paths.js';
import { plain, RED } from './support/pictures.js';
import { WEB_FORMAT } from './support/vignette-format.js';

type Call = readonly [operation: NameOf2016, input: object];

const companyHandle = 'c|6';

let server: IpsServer;
let files: FileServer;
let image: string;
let pdf: string;

beforeAll(async () => {
  const jpeg = await plain(200, 100, RED).removeAlpha().jpeg().toBuffer();
  const outline = polygon([0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]);
  files = await serveFiles({
    '/outlined.jpg': jpegWithBlock(jpeg, pathBlock([['Outline & <1>', outline]])),
    '/text.pdf': textPdf({ content: 'BT /F1 12 Tf 20 50 Td (Red & <blue> shoes) Tj ET' }),
  });
  server = await createIpsServer({ jobClock: 'instant', allowPrivateAddresses: true });
  const admin = connect(server);
  await runJob(admin, companyHandle, {
    jobName: 'Files',
    uploadUrlsJob: {
      urlArray: ['outlined.jpg', 'text.pdf'].map((name) => ({
        sourceUrl: `${files.url}/${name}`,
        destPath: `SampleCompany/${name}`,
      })),
      pdfOptions: { process: 'Thumbnail', resolution: 72, extractSearchWords: true },
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  });
  const { assetArray = [] } = await admin.call('getAssetsByName', {
    companyHandle,
    nameArray: ['outlined', 'text'],
  });
  const handleOf = (name: string) => assetArray.find((asset) => asset.name === name)?.assetHandle ?? '';
  [image, pdf] = [handleOf('outlined'), handleOf('text')];
});
afterAll(async () => {
  await files.close();
  await server.stop();
});

describe.each(PEER_CLIENTS)('with $name', (client) => {
  it('formats, events, texts, paths and uploads', async (context) => {
    const format = {
      companyHandle,
      ...WEB_FORMAT,
      name: `Web & <${client.name}>`,
    };
    const event = {
      companyHandle,
      eventType: `Download by ${client.name}`,
      ipsUser: 'ann@example.com',
      jobName: 'Shoes & <boots>',
      jobDescription: 'Red',
      int1: 12,
      float1: 0.5,
    };
    const uploadParams = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
    const calls: Call[] = [
      ['createVignettePublishFormat', format],
      [
        'updateVignettePublishFormat',
        { companyHandle, vignetteFormatHandle: '$0.vignetteFormatHandle', targetWidth: 900 },
      ],
      ['getVignettePublishFormats', { companyHandle }],
      ['deleteVignettePublishFormat', { companyHandle, vignetteFormatHandle: '$0.vignetteFormatHandle' }],
      ['addMediaPortalEvent', event],
      ['getMediaPortalEvent', { companyHandle, eventType: event.eventType }],
      ['getSearchStrings', { companyHandle, assetHandle: pdf }],
      ['getPhotoshopPathNames', { companyHandle, assetHandle: image }],
      ['getPhotoshopPath', { companyHandle, assetHandle: image, pathName: 'Outline & <1>' }],
      ['uploadPost', { companyHandle, jobName: `By ${client.name}`, uploadParams }],
      ['uploadPost', { companyHandle, jobHandle: '$9.jobHandle', endJob: true }],
    ];
    const answers = await peerAnswers(context, client, server, '2014-04-03', calls);
    expect(answers.filter(({ fault }) => fault !== undefined)).toEqual([]);
    const [created, updated, listed, , , events, texts, names, path, opened, ended] = answers;
    expect(updated).toEqual(created);
    expect(listed).toMatchObject({
      vignetteFormatArray: { items: [{ ...created, name: format.name, targetWidth: 900, usmAmount: 1.5 }] },
    });
    const { companyHandle: _company, ...stored } = event;
    expect(events).toMatchObject({
      MediaPortalEventArray: { items: [{ ...stored, companyId: 6, companyName: 'Sample Company' }] },
    });
    expect(texts).toMatchObject({
      searchStringsArray: {
        items: [
          {
            searchString: 'Red & <blue> shoes',
            keywordsArray: {
              items: [
                { keyword: 'Red', x: 20 },
                { keyword: '&' },
                { keyword: '<blue>' },
                { keyword: 'shoes' },
              ],
            },
            fontName: 'Helvetica',
            pointSize: '12',
          },
        ],
      },
    });
    expect(names).toEqual({ pathNameArray: { items: ['Outline & <1>'] } });
    expect(path).toMatchObject({
      perspectiveQuad: { x0: 50, y0: 25, x1: 150, y1: 25, x2: 150, y2: 75, x3: 50, y3: 75 },
    });
    expect(ended).toEqual(opened);
  });

  it('the operation of 2017-10-29-beta, which 2019-09-10-beta has as well', async (context) => {
    const cropRect = { leftN: 0, topN: 0, widthN: 0.5, heightN: 0.5 };
    const unknown = { ownerHandle: image, subAssetHandle: 'sa|1|99', cropRect };
    const calls = [['updateSmartCrops', { companyHandle, updateArray: { items: [unknown] } }]] as const;
    const [answer] = await peerAnswers(context, client, server, '2019-09-10-beta', calls);
    expect(answer).toMatchObject({
      successCount: 0,
      errorCount: 1,
      errorDetailArray: { items: [{ assetHandle: image, code: 30001 }] },
    });
  });

  it('the operations of 2016-01-14-beta', async (context) => {
    const namespace = `http://example.com/${encodeURIComponent(client.name)}/`;
    const schema = `<xmp_definitions><xmp_schema namespace="${namespace}"/></xmp_definitions>`;
    const compressedSchema = `base64:${deflateSync(schema).toString('base64')}`;
    const document = {
      companyHandle,
      xtype: client.name,
      xname: 'Spring & <co>',
      metadata: 'base64:c2hvZXM=',
    };
    const calls: Call[] = [
      ['createCompanyMetadata', document],
      ['updateCompanyMetadata', { companyHandle, xid: '$0.xid', xtype: client.name, xname: 'Summer' }],
      ['getCompanyMetadata', { companyHandle, xid: '$0.xid' }],
      ['listCompanyMetadata', { companyHandle, xtype: client.name }],
      ['deleteCompanyMetadata', { companyHandle, xid: '$0.xid' }],
      ['saveMetadataSchema', { companyHandle, contentType: 'text/xml', compressedSchema }],
      ['getMetadataSchema', { companyHandle, version: 0 }],
      ['getMetadataSchemaNamespaces', { companyHandle }],
      ['removeMetadataSchema', { companyHandle, schemaNamespace: namespace }],
      ['applyMetadataTemplate', { companyHandle, assetHandleArray: { items: [image] }, templateId: '1' }],
    ];
    const answers = await peerAnswers(context, client, server, '2016-01-14-beta', calls);
    expect(answers.map(({ fault }) => fault === undefined)).toEqual(calls.map((_, index) => index < 9));
    const [created, , read, listed, , , saved, namespaces, , refused] = answers;
    const names = { ...created, xtype: client.name, xname: 'Summer' };
    expect(read).toEqual({ ...names, metadata: 'shoes' });
    expect(listed).toMatchObject({ companyMetadataInfoArray: { items: [names] } });
    expect(saved).toEqual({ version: expect.any(Number), compressedSchema });
    const packed = String(namespaces?.['compressedNamespaces']).replace('base64:', '');
    expect(inflateSync(Buffer.from(packed, 'base64')).toString()).toBe(namespace);
    expect(refused?.['fault']).toContain("Operation 'applyMetadataTemplate' is not supported by this server");
  });
});
