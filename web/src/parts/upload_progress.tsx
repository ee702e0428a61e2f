// Progress of the resumable upload to an image, from any client, and when the upload expires.
import {imageDetails} from '../api/images';
import {bytes, until} from '../format';
import {useData} from '../live';
import {t} from '../text/text';

export function UploadProgress({image}: {image: string}) {
  const upload = useData(image, (signal) => imageDetails(image, signal), {about: ['uploads']}).value?.upload;
  if (!upload) return null;
  const {offset, length, expires_at: end} = upload;
  return (
    <div class="progress">
      {length !== null && <progress value={offset} max={Math.max(1, length)} aria-label={t('upload')} />}
      <small>
        {length === null ? bytes(offset) : t('upload_sent', {sent: bytes(offset), size: bytes(length)})}
        {' · '}{t('upload_ends', {when: until(end)})}
      </small>
    </div>
  );
}
