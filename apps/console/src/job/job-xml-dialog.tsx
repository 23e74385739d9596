import { type ReactNode, useState } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { XmlExchange } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { CodeText } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { ExactTime } from '../components/time.tsx';

const ABOUT: Readonly<Record<XmlExchange['about'], string>> = {
  submission: 'As it would be submitted again',
  active: 'The run',
  scheduled: 'The trigger',
  log: 'The log',
};

/** What the service sends about a job. */
export function JobXmlButton({ handle }: { handle: string }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Show the XML</Button>
      <Dialog title="XML" look="wide" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <Exchanges handle={handle} />
      </Dialog>
    </>
  );
}

function Exchanges({ handle }: { handle: string }): ReactNode {
  const query = useApi('job/xml', { handle });
  return (
    <Loaded query={query} what="cannot read the XML">
      {({ exchanges }) =>
        exchanges.map((exchange, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: exchanges have no identity but their place.
          <section key={index} className="exchange">
            <h3>
              {ABOUT[exchange.about]} · {exchange.operation}
            </h3>
            <p className="secondary">
              <ExactTime at={exchange.at} />
              {exchange.status !== undefined && ` · status ${exchange.status}`}
            </p>
            <Document title="Request" of={exchange} xml={exchange.request} />
            {exchange.response !== undefined && (
              <Document title="Response" of={exchange} xml={exchange.response} />
            )}
          </section>
        ))
      }
    </Loaded>
  );
}

function Document({
  title,
  of,
  xml,
}: {
  title: string;
  /** Distinguishes documents that have the same title. */
  of: XmlExchange;
  xml: string;
}): ReactNode {
  return (
    <div className="document">
      <header>
        <h4>{title}</h4>
        <CopyButton text={xml} what={`the ${title.toLowerCase()}`} />
      </header>
      <CodeText text={xml} label={`${title} of ${of.operation}, ${ABOUT[of.about]}`} />
    </div>
  );
}
