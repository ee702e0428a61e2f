// The files of a drop, those in dropped folders too.

const most = 1000;  // files of one drop

export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The items are gone with the event: all are taken before anything is waited for.
  const items = [...transfer.items].filter((item) => item.kind === 'file')
    .map((item) => ({entry: item.webkitGetAsEntry(), file: item.getAsFile()}));
  const files: File[] = [];
  for (const {entry, file} of items) {
    if (entry) await collect(entry, files);
    else if (file) files.push(file);
  }
  return files;
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (files.length >= most) return;
  if (entry.isFile) {
    files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await collect(each, files);
  }
}
