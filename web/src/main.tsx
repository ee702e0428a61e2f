import {render} from 'preact';
import {App} from './app';
import {loadSession} from './session';
import {startLanguage} from './text/text';
import {startTheme} from './theme';

startTheme();
await Promise.all([startLanguage(), loadSession()]);
render(<App />, document.getElementById('app')!);
