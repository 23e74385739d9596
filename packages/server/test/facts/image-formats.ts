import type { Fact, ServerWorld } from './fact.js';

/** Facts about image formats, which image serving has as macros, and about viewer presets. */
export const imageFormatFacts: readonly Fact[] = [
  {
    id: 'image-formats-take-any-commands',
    fact: 'saveImageFormat takes a name with blanks, and commands with a line break among them and a quality of 750.',
    evidence: { kind: 'page', source: 'r-save-image-format.md, in its sample' },
    server: async ({ connection, companyHandle, expect }) => {
      const { imageFormatHandle } = await connection.call('saveImageFormat', {
        companyHandle,
        name: 'Format of a Fact',
        urlModifier: 'wid=400&fmt=jpeg&qlt=750& \n   resMode=bicub \n   ',
      });
      const { imageFormatArray } = await connection.call('getImageFormats', { companyHandle });
      expect(imageFormatArray.find((format) => format.imageFormatHandle === imageFormatHandle)).toEqual({
        imageFormatHandle,
        name: 'Format of a Fact',
        urlModifier: 'wid=400&fmt=jpeg&qlt=750&resMode=bicub',
      });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        saveImageFormat: '<imageFormatHandle>47|301</imageFormatHandle>',
        getImageFormats:
          '<imageFormatArray><items><imageFormatHandle>47|301</imageFormatHandle><name>My Image Format Name</name>' +
          '<urlModifier>wid=400&amp;qlt=750&amp; \n   resMode=bicub \n   </urlModifier></items></imageFormatArray>',
      });
      const format = { name: 'My Image Format Name', urlModifier: 'wid=400&qlt=750&resMode=bicub' };
      expect(await ips.saveImageFormat(format)).toEqual({ imageFormatHandle: '47|301' });
      expect((await ips.getImageFormats()).imageFormatArray[0]?.urlModifier).toContain('qlt=750');
    },
  },
  {
    id: 'macros-count-where-they-are-called',
    fact: 'The commands of a macro override those before it in the request, and those behind it override them, whatever the case of its name.',
    evidence: { kind: 'page', source: 'r-is-http-command-macros.md of image serving' },
    server: async (world) => {
      await saved(world, 'FactView', 'wid=24&fmt=png');
      const { expect } = world;
      expect(await widthOf(world, '$factview$')).toBe(24);
      expect(await widthOf(world, 'wid=48&$FactView$')).toBe(24);
      expect(await widthOf(world, '$FactView$&wid=48')).toBe(48);
    },
    client: { reason: 'The client requests no images.' },
  },
  {
    id: 'macros-call-those-before-them',
    fact: 'A macro can call macros that are defined before it, and no others.',
    evidence: { kind: 'page', source: 'r-is-http-command-macros.md, r-definition-macro.md of image serving' },
    server: async (world) => {
      await saved(world, 'FactInner', 'wid=12');
      await saved(world, 'FactOuter', '$FactInner$&$FactLater$');
      await saved(world, 'FactLater', 'wid=99');
      world.expect(await widthOf(world, '$FactOuter$')).toBe(12);
    },
    client: { reason: 'The client requests no images.' },
  },
  {
    id: 'exports-apply-macros',
    fact: 'The macro of an export is a call, `$test$`. The file format that it names counts, whatever is_modifier names.',
    evidence: { kind: 'page', source: 'r-exportjob.md' },
    server: async (world) => {
      const { expect } = world;
      await saved(world, 'FactTest', 'fmt=tif');
      const assetHandle = await world.asset('fileToExport');
      const log = await world.run({
        jobName: 'Export by a macro',
        exportJob: {
          assetHandleArray: [assetHandle],
          fmt: 'convert',
          is_modifier: '&fmt=png',
          macro: '$FactTest$',
          emailSetting: 'None',
        },
      });
      const messages = (log.detailArray ?? []).map(({ logMessage }) => logMessage);
      expect(messages).toContainEqual(expect.stringContaining('fileToExport.tif is in the archive'));
    },
    client: async ({ answered, expect }) => {
      const { ips, requests } = await answered({ submitJob: '<jobHandle>j|6|Export|</jobHandle>' });
      const details = {
        assetHandleArray: ['a|1'],
        fmt: 'convert',
        is_modifier: '&fmt=png',
        macro: '$test$',
        emailSetting: 'None',
      };
      await ips.jobs.submit('exportJob', details, { name: 'Export' });
      expect(requests[0]?.xml).toContain('macro>$test$</');
    },
  },
  {
    id: 'presets-of-video-players',
    fact: 'Presets of type VideoPlayer are published by a video publish alone.',
    evidence: { kind: 'page', source: 'r-4-0-new.md' },
    server: async (world) => {
      const { connection, companyHandle, server, expect } = world;
      const { viewerPresetHandle: assetHandle } = await connection.call('createViewerPreset', {
        companyHandle,
        folderHandle: 'f|SampleCompany/',
        name: 'PlayerOfFact',
        type: 'VideoPlayer',
        configSettingArray: [{ name: 'Frame Rate', value: '25' }],
      });
      const publishState = 'MarkedForPublish';
      await connection.call('setAssetPublishState', { companyHandle, assetHandle, publishState });
      const published = async () =>
        (await fetch(`${server.url}/is/content/SampleCompany/PlayerOfFact`)).status === 200;
      const emailSetting = 'None';
      await world.run({
        jobName: 'Publish images',
        imageServingPublishJob: { publishType: 'Full', emailSetting },
      });
      expect(await published()).toBe(false);
      await world.run({ jobName: 'Publish videos', videoPublishJob: { emailSetting } });
      expect(await published()).toBe(true);
    },
    client: { reason: 'The server publishes; no answer to the client differs.' },
  },
];

const saved = ({ connection, companyHandle }: ServerWorld, name: string, urlModifier: string) =>
  connection.call('saveImageFormat', { companyHandle, name, urlModifier });

/** The width of an image of one color that is requested with commands. */
async function widthOf({ server }: ServerWorld, commands: string): Promise<number> {
  const answer = await fetch(
    `${server.url}/is/image/SampleCompany?layer=0&size=500,500&color=ff0000&${commands}&req=props`,
  );
  return Number(/image\.width=(\d+)/.exec(await answer.text())?.[1]);
}
