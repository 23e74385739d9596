import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

/** A difference below it is the time an answer takes. */
const NOISE = 30_000;
const TICK = 10_000;

const OffsetContext = createContext(0);

/** Makes relative times those of the service, whose clock a test may have set. `serviceNow` is its time when the session was read. */
export function ServiceClock({
  serviceNow,
  children,
}: {
  serviceNow: string | undefined;
  children: ReactNode;
}): ReactNode {
  const offset = useMemo(() => {
    const difference = serviceNow === undefined ? 0 : Date.parse(serviceNow) - Date.now();
    return Math.abs(difference) < NOISE || Number.isNaN(difference) ? 0 : difference;
  }, [serviceNow]);
  return <OffsetContext value={offset}>{children}</OffsetContext>;
}

/**
 * The time of the service in milliseconds. The component renders again as it passes.
 *
 * @param every - Milliseconds between two renderings.
 */
export function useNow(every: number = TICK): number {
  const offset = useContext(OffsetContext);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now + offset;
}
