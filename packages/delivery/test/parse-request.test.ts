import { describe, expect, it } from 'vitest';
import { DeliveryError, namedTexts, nestedRequest, parseRequest } from '../src/index.js';

const layer = (text: string, number = 1, options = {}) =>
  parseRequest(text, options).layers.find((one) => one.number === number)?.values;

describe('commands', () => {
  it('are found in any case, and the later of two counts', () => {
    expect(parseRequest('WID=100&wid=200').values).toEqual({ wid: 200 });
  });

  it('of later texts take precedence', () => {
    expect(parseRequest(['wid=1&hei=2&qlt=3', null, 'hei=4&qlt=5', 'qlt=6']).values).toEqual({
      wid: 1,
      hei: 4,
      qlt: [6],
    });
  });

  it('in other units replace each other', () => {
    expect(layer('crop=1,2,3,4&cropN=0,0,1,1', 0)).toEqual({ cropN: [0, 0, 1, 1] });
    expect(layer('cropN=0,0,1,1&crop=1,2,3,4', 0)).toEqual({ crop: [1, 2, 3, 4] });
  });

  it('without a value have their default, as do empty parts', () => {
    expect(parseRequest('wid=5&wid=&fmt=tif,,jpeg&qlt=80,&fit=fit,').values).toEqual({
      fmt: ['tif', undefined, 'jpeg'],
      qlt: [80],
      fit: ['fit'],
    });
  });

  it('leave comments out, and keep what is not theirs', () => {
    const { values, others } = parseRequest('.first&wid=100&.time=123&id=abc&session=7');
    expect(values).toEqual({ wid: 100, id: 'abc' });
    expect(others).toEqual({ session: '7' });
  });

  it('that are known by name, with a value that has no effect, are listed too', () => {
    const ignored = (text: string) => parseRequest(text).ignored;
    expect(ignored('pscan=4&layer=1&color=0&blendMode=dissolve')).toEqual(['pscan', 'blendMode']);
    expect(ignored('layer=1&blendMode=DISSOLVE&blendMode=dissolve')).toEqual(['blendMode']);
    expect(ignored('pscan=auto&layer=1&blendMode=mult')).toEqual([]);
  });

  it('that are known and not supported are listed once', () => {
    expect(parseRequest('type=a&pathEmbed=1&type=b&$none$').ignored).toEqual(['type', 'pathEmbed', '$none$']);
  });

  it('are decoded once, in UTF-8 or Latin-1', () => {
    expect(layer('layer=1&text=a%2bb+c%26%C3%A9%252')?.text).toBe('a+b c&é%2');
    expect(layer('layer=1&text=%E9t%E9')?.text).toBe('été');
  });

  it.each([
    ['wid=-5', 'wid', '-5'],
    ['wid=abc', 'wid', 'abc'],
    ['wid=0x10', 'wid', '0x10'],
    ['scl=0', 'scl', '0'],
    ['fit=squeeze', 'fit', 'squeeze'],
    ['fit=fit,2', 'fit', 'fit,2'],
    ['qlt=101', 'qlt', '101'],
    ['crop=1,2,3', 'crop', '1,2,3'],
    ['crop=1,2,0,5', 'crop', '1,2,0,5'],
    ['crop=1,,2,5', 'crop', '1,,2,5'],
    ['rect=1,2,3,4,0', 'rect', '1,2,3,4,0'],
    ['bgc=red', 'bgc', 'red'],
    ['align=2,0', 'align', '2,0'],
    ['op_usm=9', 'op_usm', '9'],
    ['op_blur=NaN', 'op_blur', 'NaN'],
    ['req=everything', 'req', 'everything'],
    ['wid=%zz', 'wid', '%zz'],
    ['layer=first', 'layer', 'first'],
    ['$a b=1', '$a b', '1'],
  ])('%s is an error that names command and value', (text, command, found) => {
    expect(() => parseRequest(text)).toThrow(DeliveryError);
    try {
      parseRequest(text);
    } catch (error) {
      expect(error).toMatchObject({ command, found });
      expect((error as DeliveryError).expected).not.toBe('');
    }
  });
});

describe('layers', () => {
  it('have the commands of their segments', () => {
    const { values, composite, layers } = parseRequest(
      'wid=9&rotate=5&flip=lr&layer=2&src=b&pos=1,2&hei=8&layer=1&opac=50,25&layer=2&flip=ud&layer=comp&size=3,4',
    );
    expect(values).toEqual({ wid: 9, hei: 8 });
    expect(composite).toEqual({ flip: 'lr' });
    expect(layers).toEqual([
      { number: 0, names: [], values: { rotate: 5, size: [3, 4] }, effects: [] },
      { number: 1, names: [], values: { opac: [50, 25] }, effects: [] },
      { number: 2, names: [], values: { src: 'b', pos: [1, 2], flip: 'ud' }, effects: [] },
    ]);
  });

  it('are found by name', () => {
    expect(layer('layer=1,image&layer=2&layer=image&src=a')?.src).toBe('a');
    expect(() => parseRequest('layer=1,image&layer=2,image')).toThrow(/another name: layer 1 has it/);
    expect(() => parseRequest('layer=1,image&layer=picture')).toThrow(DeliveryError);
    expect(parseRequest('layer=1,image&layer=1,image').layers).toHaveLength(2);
  });

  it('show the last of their sources', () => {
    expect(layer('layer=1&src=a&text=b')).toEqual({ text: 'b' });
    expect(layer('layer=1&text=b&src=a')).toEqual({ src: 'a' });
  });
});

describe('effects', () => {
  it('belong to the layer before them, or to the composite, in the order of their numbers', () => {
    const { ignored, layers, effects, composite } = parseRequest(
      'effect=1&color=0,0,0&opac=9&layer=1&src=a&effect=2&color=0,0,0&effect=-1&$shadow$&pos=1,1&effect=2&opac=5&layer=2&src=b&opac=7',
    );
    expect(ignored).toEqual([]);
    expect(composite).toEqual({});
    expect(effects.map(({ number, values }) => [number, values.opac])).toEqual([[1, [9]]]);
    const [, first, second] = layers;
    expect(first?.values).toEqual({ src: 'a' });
    expect(first?.effects.map(({ number, values }) => [number, values.pos, values.opac])).toEqual([
      [-1, [1, 1], [75]],
      [2, undefined, [5]],
    ]);
    expect(second?.values).toEqual({ src: 'b', opac: [7] });
    expect(second?.effects).toEqual([]);
  });

  it('take their own commands only, and leave those of the answer alone', () => {
    const { values, layers } = parseRequest(
      'layer=1&src=a&effect=-1&color=0,0,0&rotate=30&src=b&wid=5&size=9,9',
    );
    expect(values).toEqual({ wid: 5 });
    expect(layers[1]?.values).toEqual({ src: 'a' });
    expect(Object.keys(layers[1]?.effects[0]?.values ?? {})).toEqual(['color']);
  });

  it('have built-in macros, which those of the caller replace', () => {
    expect(parseRequest('effect=1&$GLOW$').effects[0]?.values.blendMode).toBe('screen');
    const own = (name: string) => (name === 'glow' ? 'color=1,2,3' : undefined);
    expect(parseRequest('effect=1&$glow$', { macro: own }).effects[0]?.values.blendMode).toBeUndefined();
    expect(parseRequest('effect=1&$constructor$').ignored).toEqual(['$constructor$']);
  });

  it.each(['effect=', 'effect=0', 'effect=x', 'layer=1&effect=1001'])('are refused with %s', (text) => {
    expect(() => parseRequest(text)).toThrow(/^effect: /);
  });

  it('count as layers do', () => {
    const many = Array.from({ length: 50 }, (_, index) => `effect=${index + 1}`).join('&');
    expect(() => parseRequest(many)).toThrow(/^effect: .*51 layers and effects.*at most 50/);
  });
});

describe('macros', () => {
  const macro = (name: string) => ({ view: 'wid=240&qlt=70', outer: '$view$&hei=3', loop: '$loop$' })[name];

  it.each([
    ['$view$', 240],
    ['$VIEW$&wid=480', 480],
    ['wid=480&$view$', 240],
    ['%24view%24', 240],
    ['$outer$', 240],
  ])('count where they are: %s', (text, wid) => {
    expect(parseRequest(text, { macro }).values).toMatchObject({ wid, qlt: [70] });
  });

  it('are looked up with the macros around them', () => {
    const asked: [string, readonly string[]][] = [];
    const { ignored } = parseRequest('$Outer$&$view$', {
      macro: (name, within) => {
        asked.push([name, within]);
        return within.length < 1 ? macro(name) : undefined;
      },
    });
    expect(asked).toEqual([
      ['outer', []],
      ['view', ['outer']],
      ['view', []],
    ]);
    expect(ignored).toEqual(['$view$']);
  });

  it('cannot run in circles', () => {
    expect(() => parseRequest('$loop$', { macro })).toThrow(/macros within each other/);
  });
});

describe('texts of single commands', () => {
  it('are found wherever they are', () => {
    const macro = (name: string) => (name === 'card' ? 'template=Card&locale=de' : undefined);
    expect(
      namedTexts('wid=x&layer=nothing&$CARD$&Locale=%66r&$n=a', ['template', 'locale'], { macro }),
    ).toEqual({
      template: 'Card',
      locale: 'fr',
    });
    expect(namedTexts('$n=Card&template=$n$-$object$', ['template'], { object: 'a' })).toEqual({
      template: 'Card-a',
    });
    expect(namedTexts('', ['template'])).toEqual({});
    expect(() => namedTexts('template=%', ['template'])).toThrow(DeliveryError);
    expect(() => namedTexts('&'.repeat(70_000), ['template'])).toThrow(/at most 65536/);
  });
});

describe('variables', () => {
  it('are put into values once', () => {
    expect(layer('$var2=apple&$var1=my$var2$tree&layer=1&text=$var1$')?.text).toBe('my$var2$tree');
    expect(layer('$var1=my$var2$tree&$var2=apple&layer=1&text=$var1$')?.text).toBe('my$var2$tree');
    expect(layer('$text=rate%26weight%3D85%25%2027%23&layer=1&text=$text$')?.text).toBe(
      'rate&weight=85% 27#',
    );
    expect(parseRequest('$w=120&wid=$W$').values.wid).toBe(120);
  });

  it('of the request count instead of the defaults of a template', () => {
    const template = '$text=default&$size=9,9&layer=1&text=$text$&size=$size$&pos=$place$';
    const [, shown] = parseRequest([template, '$TEXT=own&$place=3,4']).layers;
    expect(shown?.values).toEqual({ text: 'own', size: [9, 9], pos: [3, 4] });
    expect(parseRequest([template.replace('&pos=$place$', ''), 'wid=5']).layers[1]?.values.text).toBe(
      'default',
    );
    // Those of a preset, and of the request around a nested one, too.
    const macro = (name: string) => (name === 'own' ? '$text=of the preset' : undefined);
    expect(parseRequest(['$text=x&layer=1&text=$text$', '$own$'], { macro }).layers[1]?.values.text).toBe(
      'of the preset',
    );
    expect(
      parseRequest(['$text=x&layer=1&text=$text$', 'wid=5'], { variables: { text: 'outer' } }).layers[1]
        ?.values.text,
    ).toBe('outer');
    expect(
      parseRequest('$text=own&layer=1&text=$text$', { variables: { text: 'outer' } }).layers[1]?.values.text,
    ).toBe('own');
  });

  it('that are unknown stay as they are', () => {
    expect(layer('layer=1&text=costs $5$')?.text).toBe('costs $5$');
    expect(() => parseRequest('wid=$n$')).toThrow(DeliveryError);
  });

  it('include the object, and those of the request around', () => {
    expect(layer('layer=1&src=$object$', 1, { object: 'a/b' })?.src).toBe('a/b');
    expect(parseRequest('wid=$w$', { variables: { w: '7' } }).values.wid).toBe(7);
  });
});

describe('nested requests', () => {
  it('keep their own commands', () => {
    const { values, layers } = parseRequest(
      'wid=5&layer=1&src=is{C/a?wid=9&src=is(b?hei=3&wid=2)&hei=4}&pos=1,2',
    );
    expect(values).toEqual({ wid: 5 });
    expect(layers[1]?.values.pos).toEqual([1, 2]);
    const nested = nestedRequest(layers[1]?.values.src ?? '');
    expect(nested).toEqual({ kind: 'is', object: 'C/a', query: 'wid=9&src=is(b?hei=3&wid=2)&hei=4' });
  });

  it.each(['a', 'is', 'is{', '{}x', 'http://example.com'])('are none in "%s"', (value) => {
    expect(nestedRequest(value)).toBeUndefined();
  });

  it.each([
    ['(http://example.com/a.png)', ''],
    ['IS(a)', 'is'],
    ['fxg{a}', 'fxg'],
  ])('are of a kind: %s', (value, kind) => {
    expect(nestedRequest(value)?.kind).toBe(kind);
  });
});

describe('the limits', () => {
  it.each([
    ['length', { length: 10 }, 'wid=100&hei=100'],
    ['length, with what variables add', { length: 200 }, `$a=${'x'.repeat(50)}&layer=1&text=$a$$a$$a$$a$$a$`],
    ['commands', { commands: 2 }, 'wid=1&hei=2&qlt=3'],
    ['layers', { layers: 2 }, 'layer=1&layer=2'],
    ['macros', { depth: 0 }, '$a$'],
  ])('bound the %s', (_what, limits, text) => {
    expect(() => parseRequest(text, { limits, macro: () => 'wid=1' })).toThrow(/expected at most/);
  });

  it('bound macros that grow', () => {
    const macro = (name: string) => `$${name}a$&`.repeat(100);
    expect(() => parseRequest('$a$', { macro })).toThrow(/expected at most/);
  });
});
