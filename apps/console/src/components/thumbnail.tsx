import { type ReactNode, useState } from 'react';
import { Icon } from './icon.tsx';
import './thumbnail.css';

/** A small picture of an asset on a checkerboard, which shows through where it is transparent. `url` is a path of the host. */
export function Thumbnail({
  name,
  url,
  size,
}: {
  name: string;
  url: string | undefined;
  /** Pixels of the longer side in the request: twice those shown, for sharp screens. */
  size: number;
}): ReactNode {
  const [isBroken, setIsBroken] = useState(false);
  return (
    <span className="thumbnail" title={name}>
      {url === undefined || isBroken ? (
        <>
          <Icon name="assets" />
          <span className="hidden-text">{name}, no picture</span>
        </>
      ) : (
        <img
          src={`${url}&size=${size}`}
          alt={name}
          loading="lazy"
          decoding="async"
          onError={() => setIsBroken(true)}
        />
      )}
    </span>
  );
}
