/** The browser's own reader of barcodes; on phones of 2019 and later, and only on secure pages. */
export interface BarcodeReader {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

type ReaderClass = new () => BarcodeReader;

function readerClass(): ReaderClass | undefined {
  return (globalThis as { BarcodeDetector?: ReaderClass }).BarcodeDetector;
}

export function canScan(): boolean {
  return readerClass() !== undefined && globalThis.isSecureContext && navigator.mediaDevices !== undefined;
}

export function makeReader(): BarcodeReader | undefined {
  const Reader = readerClass();
  return Reader ? new Reader() : undefined;
}
