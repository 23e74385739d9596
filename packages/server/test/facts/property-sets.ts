import type { Fact } from './fact.js';

/** Facts about property sets. */
export const propertySetFacts: readonly Fact[] = [
  {
    id: 'types-of-a-company',
    fact: 'Every company has the property set types SavedSearch, of users in it, and CompanyMetadata, of its own; both allow several sets.',
    evidence: { kind: 'page', source: 'r-get-property-set-types.md' },
    server: async ({ connection, companyHandle, expect }) => {
      const { typeArray } = await connection.call('getPropertySetTypes', { companyHandle });
      expect(typeArray.slice(0, 2)).toMatchObject([
        { companyHandle, name: 'SavedSearch', propertyType: 'UserCompanyProperty', allowMultiple: true },
        { companyHandle, name: 'CompanyMetadata', propertyType: 'CompanyProperty', allowMultiple: true },
      ]);
    },
    client: async ({ answered, expect }) => {
      // The sample misspells allowMultiple, which a client must survive.
      const { ips, issues } = await answered({
        getPropertySetTypes:
          '<typeArray><items><typeHandle>pt|1</typeHandle><companyHandle>c|1</companyHandle><name>SavedSearch</name>' +
          '<propertyType>UserCompanyProperty</propertyType><alllowMultiple>true</alllowMultiple></items></typeArray>',
      });
      const { typeArray } = await ips.getPropertySetTypes({});
      expect(typeArray.slice(0, 2)).toMatchObject([{ typeHandle: 'pt|1', name: 'SavedSearch' }]);
      expect(issues.map(({ code }) => code)).toEqual(expect.arrayContaining(['missing-field']));
    },
  },
  {
    id: 'type-of-a-user',
    fact: 'There is a global property set type Adobe.UserProperty, of which each user has one set.',
    evidence: { kind: 'page', source: 'r-get-property-set-type.md' },
    server: async ({ connection, expect }) => {
      const { type } = await connection.call('getPropertySetType', { name: 'Adobe.UserProperty' });
      expect(type).toEqual({
        typeHandle: expect.stringMatching(/^pt\|\d+$/),
        name: 'Adobe.UserProperty',
        propertyType: 'UserProperty',
        allowMultiple: false,
      });
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getPropertySetType:
          '<type><typeHandle>pt|10801</typeHandle><name>Adobe.UserProperty</name>' +
          '<propertyType>UserProperty</propertyType><allowMultiple>false</allowMultiple></type>',
      });
      const { type } = await ips.getPropertySetType({ name: 'Adobe.UserProperty' });
      expect(type).toMatchObject({ typeHandle: 'pt|10801', allowMultiple: false });
    },
  },
  {
    id: 'invalidation-template',
    fact: 'The company’s set of the global type Adobe.SPS.ApplicationSetting has the property `application_cdn_invalidation_template`: URLs, one a line, in which `<ID>` stands for an image.',
    evidence: {
      kind: 'program',
      source:
        'public programs for Experience Manager: one looks the type up by its name, two read the set of the company',
    },
    server: async ({ connection, companyHandle, text, expect }) => {
      const { typeArray } = await connection.call('getPropertySetTypes', {});
      const type = typeArray.find(({ name }) => name === 'Adobe.SPS.ApplicationSetting');
      const sets = { typeHandle: type?.typeHandle ?? '', primaryOwnerHandle: companyHandle };
      const { setArray } = await connection.call('getPropertySets', sets);
      const template = setArray[0]?.propertyArray.find(
        ({ name }) => name === 'application_cdn_invalidation_template',
      );
      // What the program makes of it.
      const urlArray = (template?.value ?? '').replaceAll('<ID>', 'Shoe').split('\n');
      const { invalidationHandle } = await connection.call('cdnCacheInvalidation', {
        companyHandle,
        urlArray,
      });
      expect(invalidationHandle).toMatch(/^6\|\d+$/);
      // It takes the first and the last child of an item for name and value, and looks for elements without a prefix.
      expect(await text('getPropertySets', sets)).toMatch(
        /<items><name>application_cdn_invalidation_template<\/name><value>[^<]*&lt;ID(?:>|&gt;)<\/value><\/items>/,
      );
    },
    client: async ({ answered, expect }) => {
      const { ips } = await answered({
        getPropertySetTypes:
          '<typeArray><items><typeHandle>pt|10801</typeHandle><name>Adobe.SPS.ApplicationSetting</name>' +
          '<propertyType>CompanyProperty</propertyType><allowMultiple>false</allowMultiple></items></typeArray>',
        getPropertySets:
          '<setArray><items><setHandle>ps|941</setHandle><typeHandle>pt|10801</typeHandle><propertyArray><items>' +
          '<name>application_cdn_invalidation_template</name>' +
          '<value>https://www.example.com/is/image/MyCompany/&lt;ID&gt;?$product$\nhttps://www.example.com/is/image/MyCompany/&lt;ID&gt;</value>' +
          '</items></propertyArray></items></setArray>',
        getAssetsByName:
          '<assetArray><items><assetHandle>a|1</assetHandle><name>red</name></items></assetArray>',
      });
      expect(await ips.cdn.urls({ assets: ['red'] })).toEqual([
        'https://www.example.com/is/image/MyCompany/red?$product$',
        'https://www.example.com/is/image/MyCompany/red',
      ]);
    },
  },
];
