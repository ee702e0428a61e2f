// Guesses the format of a file from its first bytes, else from its name. The guess is only a default that the user can
// change: the appliance inspects the data itself.

const sniffed = 32_774;  // bytes: up to the end of the mark of ISO 9660

const endings: Record<string, string> = {
  qcow2: 'qcow2', qcow: 'qcow2', vmdk: 'vmdk', vhd: 'vhd', vpc: 'vhd', vhdx: 'vhdx', vdi: 'vdi', iso: 'iso', ami: 'ami',
  img: 'raw', raw: 'raw', bin: 'raw', dd: 'raw',
};

const isAt = (bytes: Uint8Array, offset: number, mark: string | number[]) =>
  [...mark].every((each, i) => bytes[offset + i] === (typeof each === 'string' ? each.charCodeAt(0) : each));

export async function guessFormat(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, sniffed).arrayBuffer());
  if (isAt(bytes, 0, [0x51, 0x46, 0x49, 0xfb])) return 'qcow2';
  if (isAt(bytes, 0, 'KDMV') || isAt(bytes, 0, '# Disk DescriptorFile')) return 'vmdk';
  if (isAt(bytes, 0, 'vhdxfile')) return 'vhdx';
  if (isAt(bytes, 0, 'conectix')) return 'vhd';
  if (isAt(bytes, 64, [0x7f, 0x10, 0xda, 0xbe])) return 'vdi';
  if (isAt(bytes, 32_769, 'CD001')) return 'iso';
  return endings[ending(file.name)] ?? 'raw';
}

const ending = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

/** Returns whether a file name ends like that of a compressed file. Many images are offered compressed for download. */
export const isCompressed = (name: string) => ['gz', 'xz', 'bz2', 'zst', 'zip', '7z'].includes(ending(name));

export function guessName(file: File): string {
  const cut = file.name.lastIndexOf('.');
  return cut > 0 && ending(file.name) in endings ? file.name.slice(0, cut) : file.name;
}
