// The frame of the application: the sign-in if it is needed, the navigation, and the current page.
import {Activity as ActivityIcon, Ellipsis, Gauge, HardDrive, Recycle, Trash2, Upload as UploadIcon, UserRound, Users,
  type IconNode} from 'lucide';
import type {ComponentChild} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {follow, useData} from './live';
import {Account} from './pages/account';
import {Activity} from './pages/activity';
import {Bin} from './pages/bin';
import {ImagePage} from './pages/image';
import {Images} from './pages/images';
import {Overview} from './pages/overview';
import {People} from './pages/people';
import {ScrubberPage} from './pages/scrubber';
import {FirstPassword, iconAddress, SignIn} from './pages/sign_in';
import {UploadPage} from './pages/upload';
import {Questions} from './parts/dialog';
import {Icon} from './parts/icon';
import {Page, Problem} from './parts/show';
import {Toasts} from './parts/toast';
import {go, linkTo, route} from './route';
import {isAdmin, loadStatus, mayWrite, session, status, unreachable} from './session';
import {t, type Key} from './text/text';
import {droppedFiles} from './upload/dropped';
import {addFiles, interrupted, pending, recall} from './upload/queue';

interface Place {
  page: string;
  title: Key;
  icon: IconNode;
  show: (id: string) => ComponentChild;
  isFor?: () => boolean;  // whether the user may open it; default: everybody
}

/** Pages in the bottom bar of a phone. The others are under "More". */
const firstPlaces = ['overview', 'images', 'upload', 'bin'];

const places: Place[] = [
  {page: 'overview', title: 'overview', icon: Gauge, show: () => <Overview />},
  {page: 'images', title: 'images', icon: HardDrive,
   show: (id) => (id ? <ImagePage key={id} id={id} /> : <Images />)},
  {page: 'upload', title: 'upload', icon: UploadIcon, show: () => <UploadPage />, isFor: () => mayWrite.value},
  {page: 'bin', title: 'bin', icon: Trash2, show: () => <Bin />},
  {page: 'scrubber', title: 'scrubber', icon: Recycle, show: () => <ScrubberPage />, isFor: () => isAdmin.value},
  {page: 'activity', title: 'activity', icon: ActivityIcon, show: () => <Activity />},
  {page: 'people', title: 'people', icon: Users, show: () => <People />,
   isFor: () => isAdmin.value && session.value?.mode !== 'keystone'},
  {page: 'account', title: 'account', icon: UserRound, show: () => <Account />},
];

export function App() {
  if (unreachable.value) return <main class="door"><Problem error={new Error(unreachable.value)} /></main>;
  if (session.value === undefined) return null;
  return (
    <>
      {session.value === null ? <SignIn /> : session.value.needs_password ? <FirstPassword /> : <Frame />}
      <Questions />
      <Toasts />
    </>
  );
}

function Frame() {
  useEffect(follow, []);
  useData(`status ${route.value.page}`, loadStatus, {about: ['images', 'space'], keep: true});
  const mine = places.filter((each) => each.isFor?.() ?? true);
  const isHere = (each: Place) => each.page === route.value.page;
  const place = mine.find(isHere);
  const rest = mine.filter((each) => !firstPlaces.includes(each.page));
  useEffect(recall, [session.value?.user.id, session.value?.project?.id]);
  useEffect(() => {
    document.title = place ? `${t(place.title)} – Reprieve` : 'Reprieve';
  });
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}>{t('skip')}</a>
      <nav class="side" aria-label={t('places')}>
        <a class="brand" href={linkTo('images')}><img src={iconAddress()} alt="" width="28" height="28" /> Reprieve</a>
        <ul>
          {mine.map((each) => (
            <li key={each.page} class={rest.includes(each) ? 'rest' : ''}>
              <PlaceLink place={each} isHere={each === place} />
            </li>
          ))}
          <li class="more">
            <a href={linkTo('more')}
              aria-current={route.value.page === 'more' || (place && rest.includes(place)) ? 'page' : undefined}>
              <Icon of={Ellipsis} /> <span>{t('more')}</span>
            </a>
          </li>
        </ul>
        <p class="version">{status.value && `Reprieve ${status.value.version}`}</p>
      </nav>
      <main id="main" tabIndex={-1}>
        {place ? place.show(route.value.id) : route.value.page === 'more' ? <More places={rest} />
          : <Nowhere isForOthers={places.some(isHere)} />}
      </main>
      <DropAnywhere />
    </div>
  );
}

function PlaceLink({place, isHere}: {place: Place; isHere: boolean}) {
  return (
    <a href={linkTo(place.page)} aria-current={isHere ? 'page' : undefined}>
      <Icon of={place.icon} /> <span>{t(place.title)}</span> <Count of={place.page} />
    </a>
  );
}

function More({places: rest}: {places: Place[]}) {
  return (
    <Page title={t('more')}>
      <ul class="more-places">
        {rest.map((each) => <li key={each.page}><PlaceLink place={each} isHere={false} /></li>)}
      </ul>
    </Page>
  );
}

function Nowhere({isForOthers}: {isForOthers: boolean}) {
  return (
    <Page title={t(isForOthers ? 'page_for_others' : 'no_page')}><a href={linkTo('images')}>{t('images')}</a></Page>
  );
}

function Count({of}: {of: string}) {
  const unfinished = pending.value + interrupted.value;
  const count = of === 'bin' ? (status.value?.totals?.bin_images ?? 0) : of === 'upload' ? unfinished : 0;
  return count > 0 ? <span class="count">{count > 9999 ? '9999+' : count}</span> : null;
}

/** Accepts files that are dropped on any page, and opens the upload page with them. */
function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => mayWrite.value && (event.dataTransfer?.types.includes('Files') ?? false);
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      go('upload');
      void droppedFiles(event.dataTransfer!).then(addFiles);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return over ? <div class="drop-here" aria-hidden="true"><Icon of={UploadIcon} /> {t('drop_here')}</div> : null;
}
