// Reads the files of a drop, including those in dropped folders.

const most = 1000;  // maximum number of files of one drop; further ones are ignored

export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The browser clears the items after the event, so take all of them before the first await.
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
