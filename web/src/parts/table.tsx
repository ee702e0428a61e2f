// Parts of tables: headers that sort, and checkboxes that select rows.
import {signal} from '@preact/signals';
import {ArrowDown, ArrowUp} from 'lucide';
import type {ComponentChildren} from 'preact';
import {route, setQuery} from '../route';
import {t} from '../text/text';
import {Icon} from './icon';

interface SortProps {
  by: string;
  usual?: string;  // order if the address has none
  children: ComponentChildren;
  class?: string;
}

/** Header of a column. A click sorts by it, another one reverses the order. The order is part of the address. */
export function SortHead({by, usual = 'created_at:desc', children, class: name}: SortProps) {
  const [key, direction] = (route.value.query.get('sort') ?? usual).split(':');
  const active = key === by;
  const next = active ? (direction === 'asc' ? 'desc' : 'asc') : by === 'name' ? 'asc' : 'desc';
  const order = active ? (direction === 'asc' ? 'ascending' : 'descending') : undefined;
  return (
    <th scope="col" aria-sort={order} class={name}>
      <button type="button" class="plain sort" onClick={() => setQuery({sort: `${by}:${next}`, marker: '', page: ''})}>
        {children}
        {active && <Icon of={direction === 'asc' ? ArrowUp : ArrowDown} />}
      </button>
    </th>
  );
}

/** Set of the ids of the rows that are selected on one page. */
export class Choice {
  private readonly ids = signal<ReadonlySet<string>>(new Set());
  has = (id: string) => this.ids.value.has(id);
  get all() { return [...this.ids.value]; }
  get size() { return this.ids.value.size; }
  clear = () => {
    this.ids.value = new Set();
  };
  set = (ids: string[], on: boolean) => {
    const next = new Set(this.ids.value);
    for (const id of ids) if (on) next.add(id); else next.delete(id);
    this.ids.value = next;
  };
}

export function ChooseAll({choice, ids}: {choice: Choice; ids: string[]}) {
  const chosen = ids.filter(choice.has).length;
  return (
    <th scope="col" class="choose">
      <input type="checkbox" aria-label={t('choose_all')} checked={chosen > 0 && chosen === ids.length}
        indeterminate={chosen > 0 && chosen < ids.length}
        onChange={(event) => choice.set(ids, event.currentTarget.checked)} />
    </th>
  );
}

export function Choose({choice, id, name}: {choice: Choice; id: string; name: string}) {
  return (
    <td class="choose">
      <input type="checkbox" aria-label={t('choose', {name})} checked={choice.has(id)}
        onChange={(event) => choice.set([id], event.currentTarget.checked)} />
    </td>
  );
}
