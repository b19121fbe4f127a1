import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconArrowMerge, IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '@/lib/hotkeys';
import { useProblemText } from '@/lib/problem-text';
import { useCan } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { FormError } from '@/ui/form-error';
import { Panel } from '@/ui/panel';
import { showDone, showFailed, showUndo } from '@/ui/undo-toast';
import { likelihood, type Pair, useDismiss, useMerge, useUndoMerge } from './api';
import styles from './duplicates.module.css';
import { EvidenceTable } from './evidence-table';

type Props = {
  pair: Pair;
  position: string;
  onMove: (step: number) => void;
  onDecided: () => void;
};

/** One pair with its evidence, and the decision. */
export function PairReview({ pair, position, onMove, onDecided }: Props) {
  const { t } = useTranslation('duplicates');
  const format = useFormat();
  const describe = useProblemText();
  const allowed = useCan('duplicates.edit');
  const [winner, setWinner] = useState(pair.left.id);
  const merge = useMerge();
  const dismiss = useDismiss();
  const undo = useUndoMerge();
  const busy = merge.isPending || dismiss.isPending;
  const kept = winner === pair.left.id ? pair.left : pair.right;
  const keptName = kept.name || kept.number;

  function runMerge() {
    if (busy || !allowed) return;
    merge.mutate(
      { id: pair.id, winner_id: winner },
      {
        onSuccess: (done) => {
          onDecided();
          // By the time it is taken back, the next pair has replaced this one on the
          // screen; the promise tells the outcome all the same.
          const takeBack = () =>
            undo.mutateAsync(done.id).then(
              () => showDone(t('unmerged')),
              (error) => showFailed(describe(error)),
            );
          showUndo(t('merged', { name: keptName }), t('common:action.undo'), takeBack);
        },
      },
    );
  }

  function runDismiss() {
    if (busy || !allowed) return;
    dismiss.mutate(pair.id, {
      onSuccess: () => {
        onDecided();
        showDone(t('dismissed'));
      },
    });
  }

  useHotkeys({
    j: () => onMove(1),
    k: () => onMove(-1),
    m: runMerge,
    n: runDismiss,
    ...(allowed && {
      a: () => setWinner(pair.left.id),
      b: () => setWinner(pair.right.id),
    }),
  });

  return (
    <Panel
      title={t('likely', { percent: format.percent(likelihood(pair), 1) })}
      subtitle={position}
      actions={
        <div className={styles.moves}>
          <Tooltip label={t('previous')}>
            <ActionIcon aria-label={t('previous')} onClick={() => onMove(-1)}>
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('next')}>
            <ActionIcon aria-label={t('next')} onClick={() => onMove(1)}>
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </div>
      }
    >
      <EvidenceTable pair={pair} winner={winner} onWinner={allowed ? setWinner : undefined} />
      <FormError error={merge.error ?? dismiss.error} />
      {allowed && (
        <div className={styles.decision}>
          <p>{t('result', { name: keptName, number: kept.number })}</p>
          <div className={styles.buttons}>
            <Button
              variant="default"
              loading={dismiss.isPending}
              disabled={merge.isPending}
              leftSection={<IconX size={17} aria-hidden />}
              aria-keyshortcuts="N"
              rightSection={
                <kbd className={styles.key} aria-hidden>
                  N
                </kbd>
              }
              onClick={runDismiss}
            >
              {t('not_same')}
            </Button>
            <Button
              loading={merge.isPending}
              disabled={dismiss.isPending}
              leftSection={<IconArrowMerge size={17} aria-hidden />}
              aria-keyshortcuts="M"
              rightSection={
                <kbd className={styles.key} aria-hidden>
                  M
                </kbd>
              }
              onClick={runMerge}
            >
              {t('merge')}
            </Button>
          </div>
        </div>
      )}
      <p className={styles.hint}>{t('keys')}</p>
    </Panel>
  );
}
