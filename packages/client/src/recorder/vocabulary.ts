import * as constants from '@ips-sdk/types/constants';
import { namesOfContracts } from './contracts.js';

/** Words of the service's own messages. All other words in messages may be private and are replaced. */
const MESSAGE_WORDS = `
a about access action active activated added admin administrator all allowed already an and any are array as asset assets at
auth authentication authorization axis2 be because been begin beginning begins but by call called can cannot code column company
complete completed completion condition connection context could count created data database date deleted destination did do does
done duplicate each email empty end ended ends enough entry error errors exceeded exception exceeds exist existing exists expected
expired export exported failed failure fault fetch fetching field fields file files folder folders for format found from generated group
handle has have header http https id ids image images in incomplete incorrect input internal invalid ips is it item items job jobs
key length limit line list log logged login longer loop many mark maximum may membership message metadata minimum missing more must
name names namespace negative new no node non not null number object of on one only operation optimized optimizing option or order
original other out over overwrite owner page parameter parent parse parser parsing path paused pending permission permissions
please process processed processing profile project property publish published publishing range read rejected removed rename
renamed request requested required response restore resumed role root row rows running same save saved scheduled schema search see
server service set session share size skipped soap some started state status stopped stream string submitted success successful
successfully successfuly system tag tags task tasks than the there this time timeout timed to too total trash trigger type unable
unavailable undefined unexpected unknown unsupported update updated upload uploaded uploading uploads url urls use used user
username users valid validation value values version view warning warnings was were when where which while with without write
written wrong xml you your zero soapenv soap-env env client sender receiver detail reason text
`
  .split(/\s+/)
  .filter((word) => word !== '');

/** Field names of `searchAssetsByMetadata` that every asset has. */
const SEARCH_KEYS =
  'asset_id name folder_path type file_name description comment user_data sku modified_at modified_by created_at created_by';

/** Names in the contracts, which are public. */
export const contractNames: ReadonlySet<string> = new Set(namesOfContracts());

/** Values of the contract's constants, such as states and types. */
export const contractValues: ReadonlySet<string> = new Set([
  ...Object.values<unknown>(constants).flatMap(textsIn),
  ...SEARCH_KEYS.split(' '),
]);

/** The asset types in the handles of metadata fields. */
export const upperValues: ReadonlySet<string> = new Set(
  [...contractValues].map((value) => value.toUpperCase()),
);

const words: ReadonlySet<string> = new Set(MESSAGE_WORDS);

/** Whether a word belongs to the service's own messages. */
export function isServiceWord(word: string): boolean {
  return words.has(word.toLowerCase()) || contractNames.has(word) || contractValues.has(word);
}

/** File name extensions, which are kept. */
export const FILE_ENDING: RegExp =
  /\.(?:tiff?|jpe?g|png|gif|bmp|psd|psb|eps|ai|pdf|svg|fxg|mp4|mov|avi|m4v|mpe?g|flv|swf|f4v|wav|mp3|aif|icc|icm|ttf|otf|pfb|afm|indd|cdr|xml|xsl|xslt|css|js|json|html?|txt|csv|xlsx?|docx?|pptx?|rtf|zip|webp|vnt|vnc|vnw|webm|srt|vtt)$/i;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value as Record<string, unknown>).flatMap(textsIn)
    : [];
}
